import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Batch } from './make-batches'
import { noTotals, postBatches } from './post-batches'
import { retryAfterMs } from './send-patiently'

const patience = { giveUpMs: 400, attemptMs: 30_000, firstWaitMs: 10 }
const { signal } = new AbortController()
let server: ReturnType<typeof createServer> | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(answer: (request: IncomingMessage, response: ServerResponse, call: number) => void) {
  let call = 0
  server = createServer((request, response) => {
    request.resume().on('end', () => answer(request, response, call++))
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: 'sk_test' }
}

async function* batches(count: number): AsyncGenerator<Batch> {
  for (let n = 0; n < count; n += 1) yield { body: '{"records":[{},{}]}', records: 2 }
}

const receipt = JSON.stringify({ accepted: 1, duplicates: 1, spooled: 0, dropped: 0, cut: 0, rejected: [] })

describe('postBatches', () => {
  it('posts with the key, three at a time, and adds the answers up', async () => {
    let open = 0
    let most = 0
    const target = await serve((request, response) => {
      expect(request.headers.authorization).toBe('Bearer sk_test')
      most = Math.max(most, ++open)
      setTimeout(() => {
        open -= 1
        response.writeHead(202).end(receipt)
      }, 20)
    })
    const totals = noTotals()
    await postBatches(batches(10), target, totals, { signal, patience })
    expect(totals).toMatchObject({ sent: 20, accepted: 10, duplicates: 10, rejected: 0 })
    expect(most).toBe(3)
  })

  it('repeats after 429, 503, a broken connection and half an answer', async () => {
    const target = await serve((request, response, call) => {
      if (call === 0) response.writeHead(429, { 'retry-after': '0.1' }).end()
      else if (call === 1) response.writeHead(503).end('{}')
      else if (call === 2) request.socket.destroy()
      else if (call === 3) {
        response.writeHead(202, { 'content-length': '500' })
        response.write('{"accepted":', () => request.socket.destroy())
      } else response.writeHead(202).end(receipt)
    })
    const totals = noTotals()
    const start = performance.now()
    await postBatches(batches(1), target, totals, { signal, patience: { ...patience, giveUpMs: 60_000 } })
    expect(totals.accepted).toBe(1)
    expect(performance.now() - start).toBeGreaterThan(100)
  })

  it('gives up in one line, and at once where the wait asked for is too long', async () => {
    const down = await serve((_request, response) => response.writeHead(503).end('{"detail":"No primary."}'))
    const gaveUp = postBatches(batches(1), down, noTotals(), { signal, patience })
    await expect(gaveUp).rejects.toThrow(/^gave up after \d+ s: .* keeps failing \(503: No primary\.\)$/)
    server?.close()
    const busy = await serve((_request, response) => response.writeHead(503, { 'retry-after': '90' }).end())
    const tooLong = postBatches(batches(9), busy, noTotals(), { signal, patience })
    await expect(tooLong).rejects.toThrow('asks to wait 90 s')
  })

  it('does not repeat what is refused, nor wait for a log that does not end', async () => {
    const target = await serve((_request, response) =>
      response.writeHead(401).end('{"detail":"Unknown key."}'),
    )
    async function* endless(): AsyncGenerator<Batch> {
      yield* batches(1)
      await new Promise(() => {})
    }
    const refused = postBatches(endless(), target, noTotals(), { signal, patience })
    await expect(refused).rejects.toThrow('the server refused a batch (401: Unknown key.)')
  })
})

describe('retryAfterMs', () => {
  it('reads seconds and dates', () => {
    expect(retryAfterMs('2')).toBe(2000)
    expect(retryAfterMs('Thu, 01 Jan 1970 00:00:10 GMT', 4000)).toBe(6000)
    expect(retryAfterMs('Thu, 01 Jan 1970 00:00:10 GMT', 40_000)).toBe(0)
    expect(retryAfterMs('soon')).toBeUndefined()
    expect(retryAfterMs(null)).toBeUndefined()
  })
})
