import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { call, credentials, dataDir } from '@/e2e/fixtures/product'
import { expect, test } from '@/e2e/fixtures/signed-in'

/** A member's postmaster and its children. */
function processesOf(name: string): number[] {
  const pidFile = join(dataDir(), 'cluster', name, 'postmaster.pid')
  const postmaster = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  const children = readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/stat`, 'utf8').includes(`) S ${postmaster} `)
    } catch {
      return false
    }
  })
  return [postmaster, ...children.map(Number)]
}

test('the page follows the cluster: LSNs move, a member that stops is said to be down, and is well again', async ({
  page,
}) => {
  await page.goto('/recovery/replication')
  const member = (name: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) })
  await expect(member('a')).toContainText('leader')
  await expect(member('b')).toContainText('synchronous')
  const lsn = async () => /[0-9A-F]+\/[0-9A-F]+/.exec((await member('a').textContent()) ?? '')?.[0]
  const before = await lsn()
  await call('POST', '/api/analytics/user/events/track', { body: { name: 'moves', userId: 'u' } })
  await expect.poll(lsn, { timeout: 10_000 }).not.toBe(before)

  // Frozen, so that it stays away for as long as we look.
  const frozen = processesOf('b')
  for (const pid of frozen) process.kill(pid, 'SIGSTOP')
  try {
    await expect(page.getByText('Needs attention').first()).toBeVisible({ timeout: 30_000 })
  } finally {
    for (const pid of frozen) process.kill(pid, 'SIGCONT')
  }
  await expect(member('b')).toContainText('synchronous', { timeout: 30_000 })
  await expect(page.getByText('Healthy').first()).toBeVisible()
})

test('the API tells the same as the members', async ({ page }) => {
  const answer = await page.request.get('/api/disaster-recovery/replication/status')
  const status = await answer.json()
  const { members } = credentials().cluster
  expect(status).toMatchObject({
    status: 'pass',
    rpoSeconds: 0,
    cluster: { name: 'holdfast', leader: 'a', synchronous: true, timeline: 1 },
  })
  expect(
    status.members.map((member: { name: string; port: number; role: string }) => [
      member.name,
      member.port,
      member.role,
    ]),
  ).toEqual([
    ['a', members[0]?.port, 'leader'],
    ['b', members[1]?.port, 'standby'],
  ])
})
