import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { isbot } from 'isbot'
import { describe, expect, it } from 'vitest'
import { eventRecord } from '@/lib/analytics/events/contract'
import { type LogEvent, readLog } from './read-log'

const path = resolve(import.meta.dirname, '../../../shared/data/access-log-2015.combined.gz')

/** The classes of a log's lines, found with split, indexOf and plain comparisons. */
function countSlowly(log: string) {
  const counts = { malformed: 0, error: 0, other: 0, asset: 0, bot: 0, imported: 0 }
  const files =
    'css js ico png jpg jpeg gif svg woff ttf pdf txt xml xsl jar py log conf exe c gz sh deb tex swf spec lua'
  const endings = `${files} pyc doc patch rb cpp pcap m4 gem mk java vim diff`
    .split(' ')
    .map((name) => `.${name}`)
  for (const line of log.split('\n').slice(0, -1)) {
    const quoted = line.split('"')
    const [, request = '', numbers = '', , , agent = '', end] = quoted
    const [method, target = ''] = request.split(' ')
    const status = numbers.trim().slice(0, 3)
    const file = (target.split('#')[0] ?? '').split('?')[0] ?? ''
    const feed = ['flav=rss20', 'flav=atom', 'flav=rss'].some((query) =>
      (target.split('?')[1] ?? '').includes(query),
    )
    if (end !== '' || quoted.length !== 7) counts.malformed += 1
    else if (status.startsWith('4') || status.startsWith('5')) counts.error += 1
    else if (method !== 'GET' || !['200', '206', '304'].includes(status)) counts.other += 1
    else if (feed || endings.some((ending) => file.toLowerCase().endsWith(ending))) counts.asset += 1
    else if (agent === '-' || isbot(agent)) counts.bot += 1
    else counts.imported += 1
  }
  return counts
}

describe.skipIf(!existsSync(path))('the log of 2015 (skipped where shared/data is not there)', () => {
  it('has the counts that a slow and plain way finds', async () => {
    const bytes = gunzipSync(readFileSync(path))
    const { counts, events } = readLog(Readable.from([bytes]))
    const all: LogEvent[] = []
    for await (const event of events) all.push(event)
    expect(counts.lines).toBe(10_000)
    expect(counts.classes).toEqual(countSlowly(bytes.toString('latin1')))
    expect(counts.classes.malformed).toBe(1)
    expect(all).toHaveLength(counts.classes.imported)
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    for (const event of all) expect(eventRecord.safeParse(event).error).toBeUndefined()
    expect(JSON.stringify(all)).not.toMatch(/fd00:/)
  })
})
