import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'
import { call, credentials, dataDir } from '@/e2e/fixtures/product'
import { Session } from '@/scripts/test/session'

const BASE = '/api/analytics/user'
const run = (script: 'import' | 'export', ...given: string[]) =>
  execFileSync('npm', ['run', '-s', script, '--', ...given, '--data-dir', dataDir()], {
    encoding: 'utf8',
    stdio: 'pipe',
  })

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
/** In a range that is over, so that its numbers do not hang on when they are asked for. */
const RANGE = `from=${daysAgo(5).slice(0, 10)}&to=${daysAgo(1).slice(0, 10)}`
const at = (hour: number, minute: number) => daysAgo(2 + (hour * 60 + minute) / 1_440)

/** Records of every kind with all that they can have, of users, of anonymous ids, and of one that was joined. */
function records() {
  return Array.from({ length: 60 }, (_, nth) => {
    const who =
      nth % 3 === 0 ? { anonymousId: `a${nth % 7}` } : { userId: `u${nth % 5}`, anonymousId: `b${nth % 5}` }
    const common = {
      ...who,
      sessionId: `s${nth % 11}`,
      properties: { plan: nth % 2 ? 'pro' : null, 'größe "x"': [1, { n: 0.1 }] },
      ...{ device: ['mobile', 'desktop'][nth % 2], browser: 'Firefox', os: 'Linux' },
    }
    const timed = (part: number) => ({ ...common, id: randomUUID(), occurredAt: at(nth % 40, part) })
    return [
      {
        kind: 'event',
        ...timed(1),
        type: 'page_view',
        pageUrl: `https://x.example/p${nth % 4}?q=1`,
        pageTitle: 'T',
        durationMs: nth,
      },
      { kind: 'event', ...timed(2), name: 'buy', category: 'shop', referrer: 'https://y.example/' },
      {
        kind: 'feature',
        ...timed(3),
        feature: `f${nth % 3}`,
        action: 'used',
        durationMs: nth * 7,
        success: nth % 4 > 0,
        ...(nth % 4 === 0 && { error: 'no\n"luck"' }),
      },
      { kind: 'stage', ...timed(4), funnel: 'F', stage: 'one', stageOrder: 1, runId: `r${nth}` },
      { kind: 'stage', ...timed(3), funnel: 'F', completed: true, runId: `r${nth}` },
      { kind: 'step', ...timed(5), journey: 'J', step: `s${nth % 3}` },
      ...(nth % 6 === 0 ? [{ kind: 'step', ...timed(0), journey: 'J', completed: true }] : []),
      {
        kind: 'response',
        ...timed(6),
        survey: 'nps',
        score: nth % 11,
        response: 'ok',
        context: { page: '/', empty: null },
      },
    ]
  }).flat()
}

test('an export of all records is read back, and every number is the same', async () => {
  const admin = await Session.signIn(credentials(), 'admin')
  const make = async (name: string) => {
    const { body } = await admin.request('POST', '/api/access/projects', { name })
    const { id } = body.project as { id: string }
    const made = await admin.request('POST', '/api/access/keys', {
      project: id,
      kind: 'secret',
      name: 'test',
    })
    return { id, name, key: String(made.body.secret) }
  }
  const [from, to] = [await make(`From ${randomUUID()}`), await make(`To ${randomUUID()}`)]
  const { status, body } = await call('POST', `${BASE}/events/batch`, {
    key: from.key,
    body: { records: records() },
  })
  expect([status, body.rejected]).toEqual([202, []])
  await call('POST', `${BASE}/users/identify`, { key: from.key, body: { anonymousId: 'a3', userId: 'u1' } })

  const file = test.info().outputPath('all.ndjson.gz')
  run('export', file, '--project', from.name)
  const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n')
  expect(JSON.parse(lines.at(-1) as string)).toEqual({ kind: 'end', records: lines.length - 1 })
  expect(lines.length - 1).toBe(records().length)
  expect(run('import', file, '--project', to.name)).toContain(`${lines.length - 1} accepted, 0 duplicates`)
  expect(run('import', file, '--project', to.name)).toContain(`0 accepted, ${lines.length - 1} duplicates`)

  const ask = async ({ key }: { key: string }, path: string) => {
    const { body } = await call('GET', `${BASE}${path}`, { key })
    // Of when and whence it was read, and when it came.
    const others = ['asOf', 'readFrom', 'receivedAt']
    return JSON.parse(JSON.stringify(body, (name, value) => (others.includes(name) ? undefined : value)))
  }
  for (const path of [
    `/events/analytics?${RANGE}&interval=hour&breakdown=property.plan&compare=previous`,
    `/events/analytics?${RANGE}&breakdown=page`,
    `/features/stats?${RANGE}&breakdown=device`,
    `/funnels?${RANGE}`,
    `/funnels/F/analytics?${RANGE}&breakdown=device`,
    `/journeys/analytics?${RANGE}&breakdown=browser`,
    `/journeys/analytics?${RANGE}&source=events`,
    `/satisfaction/metrics?survey=nps&${RANGE}&breakdown=context.page`,
    `/satisfaction/responses?survey=nps&${RANGE}`,
    `/retention?interval=day&${RANGE}`,
    `/users?${RANGE}`,
    '/users/u1',
    '/users/a0/timeline',
  ])
    expect(await ask(to, path), path).toEqual(await ask(from, path))

  const cut = test.info().outputPath('cut.ndjson')
  writeFileSync(cut, lines.slice(0, -1).join('\n'))
  expect(() => run('import', cut, '--project', to.name)).toThrow(/cut off/)
  writeFileSync(cut, gzipSync('nothing that anybody knows\n'))
  expect(() => run('import', cut, '--project', to.name)).toThrow(/understood/)
  for (const { id, name } of [from, to])
    await admin.request('DELETE', `/api/access/projects/${id}?confirm=${encodeURIComponent(name)}`)
})
