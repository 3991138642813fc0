import { describe, expect, it } from 'vitest'
import { detectFormat, formats } from './formats'
import { readLog } from './read-log'

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
const time = '17/May/2015:10:05:03 +0000'
const request = '"GET /a?b=c HTTP/1.1" 200 512'
const expected = {
  address: '203.0.113.7',
  at: Date.UTC(2015, 4, 17, 10, 5, 3),
  method: 'GET',
  target: '/a?b=c',
  status: 200,
  agent: firefox,
  hasAgent: true,
}
const inJson = (fields: object) => JSON.stringify(fields)

describe('the format of a log', () => {
  it.each([
    ['combined', `203.0.113.7 - - [${time}] ${request} "-" "${firefox}"`, expected],
    ['combined', `203.0.113.7 - - [${time}] ${request} "-" "${firefox}" 0.005`, expected],
    ['combined', `203.0.113.7 - - [${time}] ${request} "-" "${firefox}" rt=0.005 uct="0.001" "-"`, expected],
    ['combined', `203.0.113.7 - - [${time}] ${request} "-" "${firefox}" "-"`, expected],
    ['combined', `10.0.0.1 - - [${time}] ${request} "-" "${firefox}" "203.0.113.7, 10.0.0.9"`, expected],
    ['vhost', `www.shop.example:443 203.0.113.7 - - [${time}] ${request} "-" "${firefox}"`, expected],
    ['vhost', `shop 203.0.113.7 - ann [${time}] ${request} "-" "${firefox}" 12`, expected],
    [
      'vhost',
      `www.shop.example:443 2001:db8::7 - - [${time}] ${request} "-" "${firefox}"`,
      { ...expected, address: '2001:db8::7' },
    ],
    ['vhost', `shop:80 203.0.113.7 - - [${time}] ${request}`, { ...expected, agent: '', hasAgent: false }],
    ['common', `203.0.113.7 - - [${time}] ${request}`, { ...expected, agent: '', hasAgent: false }],
    ['common', `203.0.113.7 - - [${time}] ${request} 0.005`, { ...expected, agent: '', hasAgent: false }],
    [
      'json',
      inJson({
        ...{ time_local: time, remote_addr: '203.0.113.7', request: 'GET /a?b=c HTTP/1.1', status: '200' },
        ...{ body_bytes_sent: '512', http_referer: '-', http_user_agent: firefox },
      }),
      { ...expected, referrer: '', bytes: 512 },
    ],
    [
      'json',
      inJson({
        ...{ level: 'info', ts: 1431857103.0, status: 200, size: 512 },
        request: {
          ...{ remote_ip: '203.0.113.7', method: 'GET', uri: '/a?b=c' },
          headers: { 'User-Agent': [firefox], Referer: ['https://a.example/'] },
        },
      }),
      { ...expected, referrer: 'https://a.example/', bytes: 512 },
    ],
    [
      'json',
      inJson({
        ...{ ClientHost: '203.0.113.7', StartUTC: '2015-05-17T10:05:03Z', RequestMethod: 'GET' },
        ...{ RequestPath: '/a?b=c', DownstreamStatus: 200, 'request_User-Agent': firefox },
      }),
      expected,
    ],
  ] as const)('is found to be %s: %s', (name, line, parsed) => {
    expect(detectFormat(['nonsense', line, ''])).toBe(name)
    expect(formats[name].parse(line)).toMatchObject(parsed)
  })

  it('is none where no line is understood', () => {
    for (const line of ['nonsense', '{"a":1}', '{', `{"status":200,"time":"2015-05-17 10:05:03"}`])
      expect(detectFormat([line])).toBeUndefined()
  })

  it('tells visitors behind one virtual host apart', async () => {
    const lines = [7, 8, 9].map(
      (last) => `www.shop.example:443 203.0.113.${last} - - [${time}] ${request} "-" "${firefox}"`,
    )
    const { counts, events } = readLog([Buffer.from(lines.join('\n'))] as never)
    const visitors = new Set<unknown>()
    for await (const event of events) visitors.add(event.anonymousId)
    expect([counts.format, counts.classes.imported, visitors.size]).toEqual(['vhost', 3, 3])
  })

  it('is looked for until a line is understood', async () => {
    async function* pieces() {
      yield Buffer.from('# a remark\n')
      yield Buffer.from(`203.0.113.7 - - [${time}] ${request} "-" "${firefox}"\n`)
    }
    const { counts, events } = readLog(pieces())
    for await (const _event of events);
    expect([counts.format, counts.classes.malformed, counts.classes.imported]).toEqual(['combined', 1, 1])
  })
})
