import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

/** A certificate for this test alone, which nobody trusts who is not told to. */
const file = (name: string) => fileURLToPath(new URL(`./testing/${name}`, import.meta.url))

let server: Server
let port: number
const orders: { path: string | undefined; authorization: string | undefined }[] = []

beforeAll(async () => {
  const options = { key: readFileSync(file('key.pem')), cert: readFileSync(file('certificate.pem')) }
  server = createServer(options, (request, response) => {
    if (request.method === 'POST')
      orders.push({ path: request.url, authorization: request.headers.authorization })
    response.end(
      request.method === 'POST'
        ? 'Successfully switched over'
        : JSON.stringify({ state: 'running', role: 'primary' }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

/** What another process, which alone can be told of an authority, makes of the member. */
async function ask(env: Record<string, string>, tls: boolean): Promise<unknown> {
  const member = JSON.stringify({ name: 'a', host: '127.0.0.1', port: 1, restPort: port, tls })
  const script = `
    import { orderSwitchover, readMember } from '@/lib/recovery/engine/patroni'
    const member = ${member}
    const answer = await readMember(member)
    const order = await orderSwitchover(member, { leader: 'a', candidate: 'b' })
    console.log(JSON.stringify([answer, order.outcome]))`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    env: {
      ...process.env,
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      NEXTAUTH_SECRET: 'a secret that only this test knows of',
      HOLDFAST_ENGINE_AUTH: 'holdfast:secret',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  await new Promise((resolve) => child.on('exit', resolve))
  return JSON.parse(printed)
}

it('a member that speaks TLS is asked and ordered by it, if its certificate is good', async () => {
  const trusting = { NODE_EXTRA_CA_CERTS: file('certificate.pem') }
  expect(await ask(trusting, true)).toEqual([{ state: 'running', role: 'primary' }, 'done'])
  expect(orders).toEqual([
    { path: '/switchover', authorization: `Basic ${Buffer.from('holdfast:secret').toString('base64')}` },
  ])
})

it('a certificate that nobody vouches for is an agent that does not answer, and gets no password', async () => {
  orders.length = 0
  expect(await ask({}, true)).toEqual([null, 'unknown'])
  expect(await ask({ NODE_EXTRA_CA_CERTS: file('certificate.pem') }, false)).toEqual([null, 'unknown'])
  expect(orders).toEqual([])
})
