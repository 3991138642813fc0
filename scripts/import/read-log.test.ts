import { describe, expect, it } from 'vitest'
import { eventRecord } from '@/lib/analytics/events/contract'
import { type LogEvent, readLog } from './read-log'

const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
const view = (
  clock: string,
  path = '/',
  more: { address?: string; agent?: string; referrer?: string } = {},
) =>
  `${more.address ?? '::1'} - - [17/May/2015:${clock} +0000] "GET ${path} HTTP/1.1" 200 5 "${more.referrer ?? '-'}" "${more.agent ?? agent}"`

async function* inPieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

async function read(log: string | Buffer, { piece = 1 << 16, held = 50_000 } = {}) {
  const { counts, events } = readLog(inPieces(Buffer.from(log as string), piece), undefined, held)
  const all: LogEvent[] = []
  for await (const event of events) all.push(event)
  return { counts, events: all }
}

describe('readLog', () => {
  it('counts every line in one class', async () => {
    const lines = [
      view('10:00:00'),
      view('10:00:01', '/a.css'),
      'nonsense',
      '',
      view('10:00:02', '/', { agent: '-' }),
    ]
    const { counts } = await read(`${lines.join('\r\n')}\n`)
    expect(counts.lines).toBe(5)
    expect(counts.classes).toEqual({ malformed: 2, error: 0, other: 0, asset: 1, bot: 1, imported: 1 })
  })

  it('does not hang on the pieces that the bytes come in, nor on the last line’s end', async () => {
    const log = [view('10:00:00'), view('10:40:00', '/é\u2028'), 'nonsense', view('10:41:00')].join('\n')
    const whole = await read(log)
    expect(whole.counts.lines).toBe(4)
    for (const piece of [1, 7, 100]) expect(await read(`${log}\n`, { piece })).toEqual(whole)
  })

  it('makes sessions of up to 30 idle minutes, whatever the order of the lines', async () => {
    const lines = [
      view('10:31:00', '/b'),
      view('10:00:00', '/a'),
      view('11:01:01', '/c'),
      view('10:15:00', '/x'),
    ]
    const { events } = await read(lines.join('\n'))
    expect(events.map(({ pageUrl }) => pageUrl)).toEqual(['/a', '/x', '/b', '/c'])
    const [a, x, b, c] = events.map(({ sessionId }) => sessionId)
    expect([x, b]).toEqual([a, a])
    expect(c).not.toBe(a)
    const again = await read(lines.reverse().join('\n'))
    expect(again.events).toEqual(events)
  })

  it('gives the same sessions when it hands page views on early', async () => {
    const clock = (n: number) => new Date(n * 97_000).toISOString().slice(11, 19)
    const lines = Array.from({ length: 800 }, (_, n) => view(clock(n), `/${n}`, { address: `::${n % 3}` }))
    for (let n = 0; n + 5 < lines.length; n += 6)
      [lines[n], lines[n + 5]] = [lines[n + 5] as string, lines[n] as string]
    const whole = await read(lines.join('\n'))
    expect(await read(lines.join('\n'), { held: 10, piece: 500 })).toEqual(whole)
    expect(whole.events.map(({ pageUrl }) => pageUrl)).toEqual(lines.map((_, n) => `/${n}`))
  })

  it('tells equal lines apart and gives every run the same ids', async () => {
    const log = [view('10:00:00'), view('10:00:00'), view('10:00:01')].join('\n')
    const { events } = await read(log)
    expect(new Set(events.map(({ id }) => id)).size).toBe(3)
    expect((await read(log)).events).toEqual(events)
    const longer = await read(`${log}\n${view('10:00:00')}`)
    expect(longer.events.map(({ id }) => id)).toEqual(expect.arrayContaining(events.map(({ id }) => id)))
  })

  it('never sends the address, and tells visitors by address and agent', async () => {
    const address = '198.51.100.23'
    const lines = [
      view('10:00:00', '/', { address }),
      view('10:00:01', '/', { address, agent: `${agent} x` }),
    ]
    const { events } = await read(lines.join('\n'))
    expect(JSON.stringify(events)).not.toContain(address)
    expect(new Set(events.map(({ anonymousId }) => anonymousId)).size).toBe(2)
    expect(events[0]).not.toHaveProperty('userId')
    expect(events[0]).not.toHaveProperty('sentAt')
  })

  it('makes nothing that the contract refuses', async () => {
    const odd = Buffer.from(
      `${view('10:00:00', '/@', { referrer: 'a\\x00\\x1b\\x85', agent: `${agent} @` })}\n`,
    )
    odd.forEach((byte, index) => {
      if (byte === 0x40) odd[index] = 0xff
    })
    const long = view('10:00:01', `/${'p'.repeat(1998)}😀`, {
      referrer: 'r'.repeat(5000),
      agent: agent + 'é'.repeat(2000),
    })
    const { events } = await read(Buffer.concat([odd, Buffer.from(long)]))
    expect(events).toHaveLength(2)
    for (const event of events) expect(eventRecord.safeParse(event).error).toBeUndefined()
    expect(events[0]?.pageUrl).toBe('/\ufffd')
    expect(events[1]?.pageUrl).toBe(`/${'p'.repeat(1998)}`)
  })

  it('passes over a line without an end', async () => {
    const { counts } = await read(`${'x'.repeat(600_000)}\n${view('10:00:00')}\n`)
    expect(counts).toMatchObject({ lines: 2, classes: { malformed: 1, imported: 1 } })
  })
})
