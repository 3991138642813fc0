import { ensureBackup, readBackupHealth, readBackups, untilIdle } from '@/e2e/fixtures/backups'
import { credentials } from '@/e2e/fixtures/product'
import { expect, signIn, test } from '@/e2e/fixtures/signed-in'

/** Backups from the button to the proof: a real backup of the running cluster, verified, and restored by a drill. */

test.describe.configure({ mode: 'serial' })

test('a backup: the button, each step, the list and the time line', async ({ page }) => {
  await page.goto('/recovery/backups')
  await untilIdle(page)
  const before = (await readBackups(page)).backups.length
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByRole('menuitem', { name: /^Full/ }).click()
  await expect(page).toHaveURL(/task=/)
  await page.reload()
  const steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem')
  await expect(steps.filter({ hasText: 'Copy the files' })).toBeVisible()
  const task = page.getByRole('region', { name: /^(Full b|B)ackup$/ })
  await expect(task.getByText('Succeeded')).toBeVisible()
  await expect(
    steps.filter({ hasText: 'Copy the files' }).getByRole('img', { name: 'is done' }),
  ).toBeVisible()
  const { backups } = await readBackups(page)
  expect(backups.length).toBeGreaterThan(before)
  expect(backups[0]).toMatchObject({ kind: 'full', state: 'complete', problems: [] })
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page).not.toHaveURL(/task=/)
  await expect(
    page.getByRole('img', { name: /^Repository 1: \d+ backups, every moment from .* can be restored/ }),
  ).toBeVisible()
  const list = page.getByRole('region', { name: 'Backups', exact: true })
  await expect(list.getByRole('row')).toHaveCount(backups.length + 1)
  await page.getByRole('button', { name: 'Show Time line as a table' }).click()
  await expect(page.getByRole('cell', { name: 'Recovery window' }).first()).toBeVisible()
})

test('a drill of it: each step, and what it proves', async ({ page }) => {
  await ensureBackup(page)
  await page.goto('/recovery/backups')
  await page
    .getByRole('button', { name: /^Drill the backup of/ })
    .first()
    .click()
  await expect(page).toHaveURL(/task=/)
  const task = page.getByRole('region', { name: /^Drill of the full backup from repository/ })
  await expect(task.getByText('Succeeded')).toBeVisible()
  const steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem')
  await expect(steps.getByRole('img', { name: 'is done' })).toHaveCount(await steps.count())
  await expect(steps.filter({ hasText: 'Compare the rows' })).toContainText('the same as were recorded')
  const { proven, lastDrill } = await readBackupHealth(page)
  expect(lastDrill).toMatchObject({ passed: true })
  expect(lastDrill?.rtoSeconds).toBeGreaterThan(0)
  expect(proven?.drilled?.taskId).toBe(lastDrill?.taskId)
  const list = page.getByRole('region', { name: 'Backups', exact: true })
  await expect(list.getByRole('img', { name: /proven$/ }).first()).toBeVisible()
  await expect(page.getByText(/^Passed \d/)).toBeVisible()
  await page.getByRole('link', { name: 'In the journal' }).click()
  await expect(page.getByRole('cell', { name: /^succeeded: Backup .* was restored/ })).toBeVisible()
})

test('verification, and all that is known of a backup', async ({ page }) => {
  await ensureBackup(page)
  await page.goto('/recovery/backups')
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await page.getByRole('menuitem', { name: /^Repository 1/ }).click()
  await expect(page.getByText('Repository 1 is as it was written.').first()).toBeVisible()
  await page
    .getByRole('region', { name: 'Backups', exact: true })
    .getByRole('row')
    .filter({ has: page.getByRole('cell', { name: '1', exact: true }) })
    .last()
    .getByRole('button', { name: /^\d+ \w+, \d\d:\d\d$/ })
    .click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Copied from')).toBeVisible()
  await expect(dialog.getByText(/^Passed/).first()).toBeVisible()
  await dialog.getByRole('link', { name: 'Plan a restore to its end' }).click()
  await page.waitForURL('**/recovery/restore?kind=lsn**')
  await expect(page.getByText('Can be reached', { exact: true })).toBeVisible()
})

test('a moment gets a name, once', async ({ page, complaints }) => {
  await page.goto('/recovery/backups')
  const give = async (name: string) => {
    await expect(page.getByRole('dialog')).toBeHidden()
    await page.getByRole('button', { name: 'Name this moment' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill(name)
    await page.getByRole('dialog').getByRole('button', { name: 'Name this moment' }).click()
  }
  await give('Not a name')
  await expect(page.getByText('Lower-case letters, digits, dots, dashes')).toBeVisible()
  await page.keyboard.press('Escape')
  await give('before-the-test')
  await expect(page.getByText(/^This moment is named before-the-test/)).toBeVisible()
  await expect(page.getByRole('link', { name: 'before-the-test' })).toBeVisible()
  await give('before-the-test')
  await expect(page.getByRole('alert').filter({ hasText: 'There is a restore point' })).toBeVisible()
  // The refusal.
  complaints.splice(0)
})

test('the schedule: what are no cron words is said at the field, the rest is saved and due', async ({
  page,
  complaints,
}) => {
  await page.goto('/recovery/backups')
  const schedule = page.getByRole('region', { name: 'Schedule and retention' })
  const drills = schedule.getByLabel('Drill')
  const was = await drills.inputValue()
  await drills.fill('whenever')
  await schedule.getByRole('button', { name: 'Save the schedule' }).click()
  await expect(schedule.getByText('These are no cron words')).toBeVisible()
  complaints.splice(0)
  await drills.fill('')
  await schedule.getByRole('button', { name: 'Save the schedule' }).click()
  await expect(page.getByText('The schedule is saved.')).toBeVisible()
  await expect(schedule.getByText('Not by itself')).toBeVisible()
  await page.reload()
  await expect(drills).toHaveValue('')
  await drills.fill(was)
  await schedule.getByRole('button', { name: 'Save the schedule' }).click()
  await expect(schedule.getByText('Not by itself')).toBeHidden()
})

test('a viewer sees everything, and can order nothing', async ({ browser }) => {
  const context = await browser.newContext({ storageState: undefined, baseURL: credentials().url })
  const page = await context.newPage()
  await signIn(page, 'viewer')
  await page.goto('/recovery/backups')
  await expect(page.getByRole('heading', { name: 'Repository 1' })).toBeVisible()
  for (const name of ['Back up now', 'Drill', 'Verify', 'Name this moment', 'Save the schedule'])
    await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^Drill the backup/ })).toHaveCount(0)
  const refused = await page.request.post('/api/disaster-recovery/backups', {
    data: { kind: 'full' },
    headers: { origin: credentials().url },
  })
  expect(refused.status()).toBe(403)
  await context.close()
})
