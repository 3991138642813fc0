import type { AddressInfo } from 'node:net'
import { createServer, connect as dial, type Socket } from 'node:net'

export interface DatabaseProxy {
  /** The database's address, by way of the proxy. */
  address: string
  /** Ends all connections and takes no more: a server that is down. */
  cut(): Promise<void>
  /** Takes connections and carries nothing: a server that hangs. */
  hang(): void
  mend(): Promise<void>
}

/** Stands between a process and its database, so that a test can part the two. */
export async function openProxy(address: string): Promise<DatabaseProxy> {
  const { hostname, port } = new URL(address)
  const pairs = new Set<[Socket, Socket]>()
  let hanging = false
  const server = createServer((near) => {
    const far = dial(Number(port), hostname)
    const pair: [Socket, Socket] = [near, far]
    pairs.add(pair)
    for (const one of pair) {
      one.on('error', () => {})
      one.on('close', () => {
        for (const socket of pair) socket.destroy()
        pairs.delete(pair)
      })
    }
    near.on('data', (chunk) => far.write(chunk))
    far.on('data', (chunk) => near.write(chunk))
    if (hanging) for (const socket of pair) socket.pause()
  })
  const listen = (on: number) => new Promise<void>((resolve) => server.listen(on, '127.0.0.1', resolve))
  await listen(0)
  const ours = (server.address() as AddressInfo).port
  const through = new URL(address)
  through.host = `127.0.0.1:${ours}`
  return {
    address: through.href,
    cut: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const pair of pairs) for (const socket of pair) socket.destroy()
      return closed
    },
    hang: () => {
      hanging = true
      for (const pair of pairs) for (const socket of pair) socket.pause()
    },
    mend: async () => {
      hanging = false
      for (const pair of pairs) for (const socket of pair) socket.resume()
      if (!server.listening) await listen(ours)
    },
  }
}
