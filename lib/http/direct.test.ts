import { Agent, createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { trackEvent } from '@/lib/analytics/events/contract'
import { listSurveys } from '@/lib/analytics/surveys/contract'
import { answerDirectly, findHandler, offer } from './direct'

const PATH = trackEvent.path
const asking = (method: string, url: string, headers = {}) =>
  findHandler({ method, url, headers } as IncomingMessage)

const server = createServer((request, response) => {
  const handler = asking(request.method ?? '', request.url ?? '')
  if (handler) void answerDirectly(handler, request, response)
  else response.writeHead(404).end()
})
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => server.close())

it('offers what records, by its own address alone', () => {
  const handler = async () => new Response()
  expect(asking('POST', PATH)).toBeUndefined()
  offer(trackEvent, handler)
  offer(listSurveys, handler)
  expect(asking('POST', PATH)).toBe(handler)
  for (const url of [`${PATH}?`, `${PATH}/`, `/${PATH}`, PATH.toUpperCase()])
    expect(asking('POST', url), url).toBeUndefined()
  expect(asking('GET', PATH)).toBeUndefined()
  expect(asking('POST', PATH, { rsc: '1' })).toBeUndefined()
  expect(asking('GET', listSurveys.path)).toBeUndefined()
})

it('hands on what was asked, and answers with what the handler did', async () => {
  offer(trackEvent, async ({ headers, arrayBuffer, url }) => {
    const body = Buffer.from(await arrayBuffer()).toString()
    return Response.json(
      { body, url, agent: headers.get('user-agent') },
      { status: 202, headers: { vary: 'origin' } },
    )
  })
  const { port } = server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${port}${PATH}`, {
    method: 'POST',
    body: 'ä',
    headers: { 'user-agent': 'test' },
  })
  expect(answer.status).toBe(202)
  expect(answer.headers.get('x-frame-options')).toBe('DENY')
  expect(answer.headers.get('vary')).toMatch(/^rsc, .*, origin$/)
  expect(await answer.json()).toEqual({ body: 'ä', url: `http://localhost${PATH}`, agent: 'test' })
})

it('answers whoever has not sent all, and goes on by the same connection', async () => {
  offer(trackEvent, async ({ body }) => {
    for await (const _part of body as AsyncIterable<Uint8Array>)
      return new Response('enough', { status: 413 })
    return new Response('nothing')
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const send = (parts: number) =>
    new Promise<{ status?: number; socket: unknown }>((resolve, reject) => {
      const { port } = server.address() as AddressInfo
      const asked = request({ port, path: PATH, method: 'POST', agent }, (answer) => {
        const { socket, statusCode: status } = answer
        answer.resume().on('end', () => resolve({ status, socket }))
      })
      asked.on('error', reject)
      for (let part = 0; part < parts; part++) asked.write('x'.repeat(100_000))
      asked.end()
    })
  const [first, second] = [await send(20), await send(1)]
  expect([first.status, second.status]).toEqual([413, 413])
  expect(second.socket).toBe(first.socket)
  agent.destroy()
})
