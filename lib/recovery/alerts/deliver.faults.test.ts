import { type ChildProcess, fork } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { eventually } from '@/scripts/cluster/testing'
import { makeDatabase } from '@/scripts/test/database'
import type { Target } from './channels/contract'
import { sendTo } from './channels/send'
import { changeChannels } from './channels/store'
import { waitAfter } from './deliver'
import { changeSettings, readAlertFile } from './store'

/** The real worker, real receivers, and what is between them when one of them fails. */

interface Got {
  body: { id: string; kind: string; rule: string }
  raw: string
  signature: string | undefined
}

const folder = mkdtempSync(join(tmpdir(), 'holdfast-delivery-'))
let got: Got[] = []
/** What the receiver does with the next requests: a status, or silence. */
let answers: (number | 'silence' | 'slow')[] = []
let receiver: Server
let worker: ChildProcess | undefined

beforeAll(async () => {
  await makeDatabase()
  process.env.HOLDFAST_DATA_DIR = folder
  process.env.NEXTAUTH_URL = 'http://holdfast.test.example'
  receiver = createServer((request, response) => {
    let raw = ''
    request.on('data', (chunk) => {
      raw += chunk
    })
    request.on('end', async () => {
      const signature = request.headers['x-holdfast-signature']?.toString()
      got.push({ body: JSON.parse(raw), raw, signature })
      const answer = answers.shift() ?? 200
      if (answer === 'silence') return
      if (answer === 'slow') await sleep(1_500)
      response.writeHead(answer === 'slow' ? 200 : answer).end()
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => receiver.once('listening', resolve))
})
beforeEach(async () => {
  got = []
  answers = []
  rmSync(join(folder, 'recovery'), { recursive: true, force: true })
  await changeChannels((channels) => {
    channels.push({ id: 'a', name: 'Receiver', enabled: true, target: webhook() })
  })
})
afterEach(() => stop('SIGKILL'))
afterAll(() => {
  receiver.closeAllConnections()
  receiver.close()
  rmSync(folder, { recursive: true, force: true })
})

const webhook = (): Target => ({
  kind: 'webhook',
  url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`,
  secret: 'shared',
})

/** So few connections may be used that it fires at once; or as many as there are. */
const allowConnections = (critical: number) =>
  changeSettings(({ thresholds }) => {
    thresholds.connections = { warn: null, critical, holdSeconds: 0, clearSeconds: 0 }
  })

function start(): void {
  worker = fork('scripts/worker.ts', {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}

async function stop(signal: NodeJS.Signals): Promise<void> {
  if (!worker || worker.exitCode !== null || worker.signalCode !== null) return
  const gone = new Promise((resolve) => worker?.once('exit', resolve))
  worker.kill(signal)
  await gone
}

const received = (count: number, ms = 20_000) =>
  eventually(`the receiver got ${count}`, () => got.length >= count, ms)
const quiet = () => eventually('nothing waits', () => readAlertFile().outbox.length === 0)

it('a receiver that fails at first gets each change once, signed, in order', async () => {
  answers = [500]
  await allowConnections(0.001)
  start()
  await received(2)
  expect(got[0]?.body.id).toBe(got[1]?.body.id)
  await allowConnections(1)
  await received(3)
  await quiet()
  await sleep(2_500)
  expect(got.map(({ body }) => [body.rule, body.kind])).toEqual([
    ['connections', 'firing'],
    ['connections', 'firing'],
    ['connections', 'resolved'],
  ])
  expect(got[2]?.body).toMatchObject({
    level: 'critical',
    url: 'http://holdfast.test.example/recovery/replication',
  })
  const signature = createHmac('sha256', 'shared')
    .update(got[0]?.raw ?? '')
    .digest('hex')
  expect(got[0]?.signature).toBe(`sha256=${signature}`)
  expect(readAlertFile().channels.a).toMatchObject({ error: null, deliveredAt: expect.any(Number) })
})

it('a worker that is killed in mid-delivery loses nothing: the next one sends it, under the same id', async () => {
  answers = ['silence']
  await allowConnections(0.001)
  start()
  await received(1)
  await stop('SIGKILL')
  start()
  await received(2)
  await quiet()
  await stop('SIGKILL')
  start()
  await sleep(5_000)
  expect(got.map(({ body }) => body.id)).toEqual([got[0]?.body.id, got[0]?.body.id])
})

it('a worker that is stopped in mid-delivery waits for its end: nothing is sent twice', async () => {
  answers = ['slow']
  await allowConnections(0.001)
  start()
  await received(1)
  await stop('SIGTERM')
  expect(readAlertFile().outbox).toEqual([])
  start()
  await sleep(5_000)
  expect(got).toHaveLength(1)
})

it('a receiver that is dead delays no other, and the waits grow to a bound', async () => {
  answers = []
  const dead = createTcpServer(() => {}).listen(0, '127.0.0.1')
  await new Promise((resolve) => dead.once('listening', resolve))
  const { port } = dead.address() as AddressInfo
  await changeChannels((channels) => {
    channels.unshift({
      id: 'd',
      name: 'Dead',
      enabled: true,
      target: { kind: 'slack', url: `http://127.0.0.1:${port}` },
    })
  })
  await allowConnections(0.001)
  start()
  await received(1)
  await allowConnections(1)
  await received(2, 6_000)
  await eventually(
    'the dead one is known',
    () => readAlertFile().channels.d?.error === 'no answer within 5 s',
  )
  expect(readAlertFile().outbox.map(({ channel }) => channel)).toEqual(['d', 'd'])
  dead.close()
  expect([1, 2, 3, 20].map(waitAfter)).toEqual([2_000, 4_000, 8_000, 300_000])
})

it('mail is handed to an SMTP server that wants a password; one that is silent is given up in time', async () => {
  const mails: { to: string[]; text: string }[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'holdfast' && password === 'of mail'
        ? done(null, { user: username })
        : done(new Error('wrong')),
    onData: (stream, session, done) => {
      let text = ''
      stream.on('data', (chunk) => {
        text += chunk
      })
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const at = '2026-11-26T10:00:00.000Z'
  const mail = (port: number, password: string): Target => ({
    ...{ kind: 'email', host: '127.0.0.1', port, tls: false, user: 'holdfast', password },
    ...{ from: 'holdfast@test.example', to: ['one@test.example', 'two@test.example'] },
  })
  const message = {
    ...{ id: 'b1c7be0b-0a2e-4b43-a6a9-3f0f27d5f001', rule: 'no-leader', title: 'No leader takes writes' },
    ...{
      kind: 'firing' as const,
      level: 'critical' as const,
      at,
      since: at,
      value: 0,
      detail: 'nobody\r\ntakes writes',
    },
  }
  const { port } = server.server.address() as AddressInfo
  await sendTo(mail(port, 'of mail'), message)
  expect(mails).toHaveLength(1)
  expect(mails[0]?.to).toEqual(['one@test.example', 'two@test.example'])
  expect(mails[0]?.text).toMatch(/^Subject: \[Holdfast holdfast\] CRITICAL: No leader takes writes\r?$/m)
  expect(mails[0]?.text).toMatch(/^Message-ID: <b1c7be0b-0a2e-4b43-a6a9-3f0f27d5f001@holdfast>\r?$/m)
  expect(mails[0]?.text).toContain('/recovery/failover')
  await expect(sendTo(mail(port, 'not it'), message)).rejects.toThrow()
  await new Promise<void>((resolve) => server.close(() => resolve()))

  const silent = createTcpServer(() => {}).listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  const begun = Date.now()
  await expect(sendTo(mail((silent.address() as AddressInfo).port, 'x'), message)).rejects.toThrow()
  expect(Date.now() - begun).toBeLessThan(11_000)
  silent.close()
})
