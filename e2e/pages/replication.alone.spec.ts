import type { Page } from '@playwright/test'
import { untilWhole } from '@/e2e/fixtures/failover'
import { call, credentials, dataDir } from '@/e2e/fixtures/product'
import { expect, test } from '@/e2e/fixtures/signed-in'
import { processesOf } from '@/scripts/test/member-processes'

test('the page follows the cluster: LSNs move, a member that stops is said to be down, and is well again', async ({
  page,
}) => {
  await untilWhole(page)
  const { leader } = (await readStatus(page)).cluster
  const standby = leader === 'a' ? 'b' : 'a'
  await page.goto('/recovery/replication')
  const member = (name: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) })
  await expect(member(leader)).toContainText('leader')
  await expect(member(standby)).toContainText('synchronous')
  const lsn = async () => /[0-9A-F]+\/[0-9A-F]+/.exec((await member(leader).textContent()) ?? '')?.[0]
  const before = await lsn()
  await call('POST', '/api/analytics/user/events/track', { body: { name: 'moves', userId: 'u' } })
  await expect.poll(lsn).not.toBe(before)

  // Frozen, so that it stays away for as long as we look.
  const frozen = processesOf(dataDir(), standby)
  for (const pid of frozen) process.kill(pid, 'SIGSTOP')
  try {
    await expect(page.getByText('Needs attention').first()).toBeVisible()
  } finally {
    for (const pid of frozen) process.kill(pid, 'SIGCONT')
  }
  await expect(member(standby)).toContainText('synchronous')
  await expect(page.getByText('Healthy').first()).toBeVisible()
})

test('the API tells the same as the members', async ({ page }) => {
  await untilWhole(page)
  const status = await readStatus(page)
  expect(status).toMatchObject({
    status: 'pass',
    rpoSeconds: 0,
    cluster: { name: 'holdfast', synchronous: true, timeline: status.history.length + 1 },
  })
  const { members } = credentials().cluster
  const roles = members.map(({ name, port }) => [
    name,
    port,
    name === status.cluster.leader ? 'leader' : 'standby',
  ])
  expect(status.members.map(({ name, port, role }) => [name, port, role])).toEqual(roles)
})

interface Status {
  cluster: { leader: string }
  members: { name: string; port: number; role: string }[]
  history: unknown[]
}

const readStatus = async (page: Page): Promise<Status> =>
  (await page.request.get('/api/disaster-recovery/replication/status')).json()
