import { expect, test } from '@playwright/test'
import { call, credentials } from '@/e2e/fixtures/product'
import { signIn } from '@/e2e/fixtures/signed-in'

interface Check {
  status: string
  limit: string | null
  action: string
  observedValue: unknown
  output?: string
}

test('the health of everything is told in the words of the draft, and passes while all is well', async ({
  page,
}) => {
  await signIn(page, 'viewer')
  const { url } = credentials()
  const health = async (which: string) => {
    const response = await page.request.get(`${url}/api/disaster-recovery/health/${which}`)
    expect(response.status()).toBe(200)
    return (await response.json()) as { status: string; checks: Record<string, Check[]> }
  }
  // What went before may have left something to catch up with.
  await expect(async () => {
    const all = await health('detailed')
    expect(all.checks['cluster:writableMembers']?.[0]).toMatchObject({ status: 'pass', observedValue: 1 })
    expect(all.checks['cluster:rpo']?.[0]).toMatchObject({ status: 'pass', observedValue: 0 })
    expect(all.checks['spool:records']?.[0]).toMatchObject({ status: 'pass', observedValue: 0 })
    expect(Object.keys(all.checks)).toEqual(
      expect.arrayContaining([
        'member-a:state',
        'member-b:state',
        'disk:free',
        'backups:checks',
        'rollups:delay',
      ]),
    )
    for (const [name, [check]] of Object.entries(all.checks)) {
      expect(check?.action, name).toMatch(/\.$/)
      if (name !== 'database:size') expect(check?.limit, name).toMatch(/\w/)
    }
    const database = await health('database')
    for (const name of ['connections', 'wraparound', 'checksums', 'archive', 'responding'])
      expect(database.checks[`database:${name}`]?.[0]?.status, name).toBe('pass')
  }).toPass({ timeout: 90_000 })
})

test('liveness and readiness answer without a key', async () => {
  const { url } = credentials()
  for (const path of ['/api/health/live', '/api/health/ready']) {
    const response = await fetch(url + path)
    expect([response.status, (await response.json()).status]).toEqual([200, 'pass'])
  }
})

test('metrics are Prometheus’ to a secret key, and to nobody else; they count records', async () => {
  const { url, project } = credentials()
  const read = async (key: string) => {
    const response = await fetch(`${url}/api/metrics`, { headers: { authorization: `Bearer ${key}` } })
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    }
  }
  expect((await read('sk_unknown_unknown_unknown')).status).toBe(401)
  expect((await read(project.writeKey)).status).toBe(403)
  const count = async () => {
    const { status, type, text } = await read(project.secretKey)
    expect([status, type]).toEqual([200, expect.stringContaining('text/plain')])
    expect(text).toMatch(/^holdfast_writable_members 1$/m)
    expect(text).toMatch(/^holdfast_member_healthy\{member="b"\} 1$/m)
    expect(text).toMatch(/^holdfast_rollup_delay_seconds \d/m)
    expect(text).toMatch(/^holdfast_archive_failing 0$/m)
    return Number(/^holdfast_records_total\{outcome="accepted"\} (\d+)$/m.exec(text)?.[1] ?? 0)
  }
  const before = await count()
  await call('POST', '/api/analytics/user/events/track', { body: { name: 'counted', userId: 'u' } })
  expect(await count()).toBe(before + 1)
  const { text } = await read(project.secretKey)
  expect(text).toMatch(
    /^holdfast_http_request_duration_seconds_count\{operation="trackEvent",status="2xx"\} \d/m,
  )
})
