import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { leaderOf, untilWhole } from '@/e2e/fixtures/failover'
import { credentials, dataDir } from '@/e2e/fixtures/product'
import { expect, freshAdmin, test } from '@/e2e/fixtures/signed-in'
import type { AlertRule } from '@/lib/recovery/alerts/contract'

test.use({ storageState: freshAdmin })

test('a standby that somebody promotes while the engine stands still is the loudest alarm, until the engine stops it', async ({
  page,
  complaints,
}) => {
  await untilWhole(page)
  const leader = await leaderOf(page)
  const standby = leader === 'a' ? 'b' : 'a'
  const engine = JSON.parse(readFileSync(join(dataDir(), 'cluster', 'lock'), 'utf8')).pid as number
  process.kill(engine, 'SIGSTOP')
  try {
    await promote(standby)
    await page.goto('/recovery/replication')
    const alarm = page.getByRole('alert').filter({ hasText: 'a and b both take writes' })
    await expect(alarm).toContainText('each acknowledges records that the other never gets')
    await page.goto('/recovery/failover')
    await page.getByRole('button', { name: 'Make the plan' }).click()
    await expect(page.getByText('Refused', { exact: true })).toBeVisible()
    await expect(page.getByText('a and b take writes')).toBeVisible()
    await expect(page.getByRole('button', { name: /^(Switch|Fail) over to/ })).toHaveCount(0)
    await page.goto('/recovery/alerts')
    await expect(page.getByRole('alert').filter({ hasText: 'Two members take writes' })).toBeVisible()
  } finally {
    process.kill(engine, 'SIGCONT')
  }
  await page.goto('/recovery/replication')
  await expect(page.getByText('both take writes')).toHaveCount(0)
  await untilWhole(page)
  expect(await leaderOf(page)).toBe(leader)
  const alarmState = async () => {
    const { rules } = await (await page.request.get('/api/disaster-recovery/alerts')).json()
    return (rules as AlertRule[]).find(({ id }) => id === 'two-leaders')?.state
  }
  await expect.poll(alarmState).toBe('resolved')
  complaints.splice(0)
})

/** As an operator does who thinks that they know better. */
async function promote(name: string): Promise<void> {
  const { password } = JSON.parse(readFileSync(join(dataDir(), 'cluster', 'secrets.json'), 'utf8'))
  const { host, port } = credentials().cluster.members.find((member) => member.name === name) ?? {}
  const sql = postgres({ host, port, username: 'holdfast', password, database: 'holdfast', max: 1 })
  await sql`select pg_promote()`
  await sql.end()
}
