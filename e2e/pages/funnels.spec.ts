import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { makeViewer } from '@/e2e/fixtures/account'
import { credentials } from '@/e2e/fixtures/product'
import { makeShop, type Shop } from '@/e2e/fixtures/shop'
import { expect, signIn, test } from '@/e2e/fixtures/signed-in'

const STEPS = ['page_view', 'view_product', 'add_to_cart']

interface Stage {
  name: string
  entered: number
  dropOff: number
  conversionFromStart: number | null
}

interface Funnel {
  entered: number
  completed: number
  stages: Stage[]
}

let shop: Shop
test.beforeAll(async ({ session }) => {
  shop = await makeShop(session)
})

const thousands = (count: number): string => count.toLocaleString('en-US')

/** What the API answers for a funnel, with the query of a page's address. */
async function ask(name: string, query: Record<string, string>): Promise<Funnel> {
  const search = new URLSearchParams(query)
  return shop.ask<Funnel>(`/funnels/${encodeURIComponent(name)}/analytics?${search}`)
}

/** Chooses an event for a step, as a person does: by typing a part of its name. */
async function choose(page: Page, step: number, name: string): Promise<void> {
  const field = page.getByRole('combobox', { name: `Event of step ${step}` })
  await field.click()
  await field.fill(name)
  await page.getByRole('option', { name: new RegExp(`^${name}\\b`) }).click()
  await expect(field).toHaveValue(name)
}

/** The page shows what the API counted: totals, and entered and dropped off by stage. */
async function expectNumbers(page: Page, funnel: Funnel): Promise<void> {
  const stages = page.getByRole('region', { name: 'Stages' }).getByRole('list').getByRole('listitem')
  await expect(stages).toHaveCount(funnel.stages.length)
  for (const [index, stage] of funnel.stages.entries()) {
    await expect(stages.nth(index)).toContainText(stage.name)
    await expect(stages.nth(index)).toContainText(`Entered ${thousands(stage.entered)}`)
    if (index > 0) await expect(stages.nth(index)).toContainText(`${thousands(stage.dropOff)} dropped off`)
  }
  await expect(page.getByText(thousands(funnel.completed), { exact: true }).first()).toBeVisible()
}

/** The rows of a table's CSV, by the titles of its columns. */
async function download(page: Page, title: string): Promise<Record<string, string>[]> {
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: `Download ${title} as CSV` }).click()
  const text = readFileSync(await (await downloading).path(), 'utf8').replace(/^\uFEFF/, '')
  const [head = '', ...rows] = text.trim().split('\r\n')
  const titles = head.split(',')
  return rows.map((row) =>
    Object.fromEntries(row.split(',').map((cell, index) => [titles[index] ?? '', cell])),
  )
}

test('a funnel is built, read, filtered, shared and downloaded, and every number is the API’s', async ({
  page,
  browser,
  session,
}) => {
  const name = `Shop ${Date.now()}`
  await page.goto(shop.at('/funnels'))
  await page.getByRole('link', { name: 'New funnel' }).click()
  await expect(page.getByText('Choose two events to see their numbers')).toBeVisible()
  await choose(page, 1, STEPS[0] as string)
  await choose(page, 2, STEPS[1] as string)
  await page.getByRole('button', { name: 'Add a step' }).click()
  await choose(page, 3, STEPS[2] as string)
  const definition = JSON.stringify({ steps: STEPS.map((step) => ({ name: step })) })
  // Before it is saved, the preview counts, and the address holds it.
  const all = await ask(name, { definition })
  expect(all.stages.map((stage) => stage.entered > 0)).toEqual([true, true, true])
  await expectNumbers(page, all)

  await page.getByRole('textbox', { name: 'Name of the funnel' }).fill(name)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  await expect(page).toHaveURL(new RegExp(`/funnels/${encodeURIComponent(name)}(\\?|$)`))
  await expectNumbers(page, await ask(name, {}))

  await page
    .getByRole('region', { name: 'Breakdown' })
    .getByRole('button', { name: 'mobile', exact: true })
    .click()
  await expect(page).toHaveURL(/device=mobile/)
  const mobile = await ask(name, { device: 'mobile' })
  expect(mobile.entered).toBeLessThan(all.entered)
  await expectNumbers(page, mobile)

  const second = await browser.newContext({ storageState: undefined, baseURL: credentials().url })
  const other = await second.newPage()
  await signIn(other, await makeViewer(session, [shop.id]))
  await other.goto(page.url())
  await expect(other.getByRole('heading', { level: 1, name })).toBeVisible()
  await expectNumbers(other, mobile)

  const rows = await download(other, 'Stages')
  expect(rows.map((row) => [row.Stage, Number(row.Entered), Number(row['Drop-off'])])).toEqual(
    mobile.stages.map((stage) => [stage.name, stage.entered, stage.dropOff]),
  )
  expect(rows.map((row) => Number(row['From start']))).toEqual(
    mobile.stages.map((stage) => stage.conversionFromStart),
  )
  await second.close()
})

test('a draft is a link: filters, labels, optional steps, exclusions and the window go along', async ({
  page,
}) => {
  const definition = {
    steps: [
      { name: 'page_view', filters: { device: 'desktop' } },
      { name: 'view_product', label: 'Looks at a product', optional: true },
      { name: 'add_to_cart' },
    ],
    exclusions: [{ name: 'search' }],
    window: '3d',
  }
  const query = { definition: JSON.stringify(definition) }
  await page.goto(shop.at(`/funnels/Draft?${new URLSearchParams(query)}`))
  await expect(page.getByRole('textbox', { name: 'Label of step 2' })).toHaveValue('Looks at a product')
  await expect(page.getByRole('checkbox', { name: 'Optional' })).toBeChecked()
  await expect(page.getByRole('combobox', { name: 'Event of exclusion 1' })).toHaveValue('search')
  await expect(page.getByRole('combobox', { name: 'Window of the funnel' })).toHaveValue('Within 3 days')
  await expectNumbers(page, await ask('Draft', query))

  await page.getByRole('button', { name: 'Remove from step 1: Device is desktop' }).click()
  await page.getByRole('button', { name: 'Remove Exclusion 1' }).click()
  const [first, ...steps] = definition.steps
  const changed = { ...definition, exclusions: [], steps: [{ name: first?.name }, ...steps] }
  await expectNumbers(page, await ask('Draft', { definition: JSON.stringify(changed) }))
})

test('a saved funnel is changed and deleted, and both say what happens', async ({ page }) => {
  const name = `Saved ${Date.now()}`
  const save = {
    project: shop.id,
    name,
    definition: { steps: [{ name: 'page_view' }, { name: 'view_product' }] },
  }
  expect((await page.request.post('/api/analytics/user/funnels', { data: save })).status()).toBe(200)
  await page.goto(shop.at(`/funnels/${encodeURIComponent(name)}`))
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('button', { name: 'Move Step 2 up' }).click()
  await page.getByRole('button', { name: 'Save the changes' }).click()
  await expect(page.getByText(`${name} is saved.`)).toBeVisible()
  const changed = await ask(name, {})
  expect(changed.stages.map((stage) => stage.name)).toEqual(['view_product', 'page_view'])
  await expectNumbers(page, changed)

  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: `Delete ${name}?` })
  await expect(dialog).toContainText('deleted for everyone')
  await dialog.getByRole('button', { name: 'Delete the funnel' }).click()
  await expect(page).toHaveURL(/\/funnels(\?|$)/)
  await expect(page.getByText(`${name} is deleted. No record was touched.`)).toBeVisible()
  await expect(page.getByRole('link', { name, exact: true })).toBeHidden()
})

test('a tracked funnel is counted in order or in any, within a window', async ({ page }) => {
  await page.goto(shop.at('/funnels'))
  await page.getByRole('link', { name: 'checkout', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'checkout' })).toBeVisible()
  await expectNumbers(page, await ask('checkout', {}))
  await page.getByRole('radio', { name: 'Any order' }).locator('..').click()
  await expect(page).toHaveURL(/strict=false/)
  await expectNumbers(page, await ask('checkout', { strict: 'false' }))
  await page.getByRole('combobox', { name: 'Window of a run' }).click()
  await page.getByRole('option', { name: 'Within 30 minutes' }).click()
  await expect(page).toHaveURL(/window=30m/)
  await expectNumbers(page, await ask('checkout', { strict: 'false', window: '30m' }))
})

test('a project without funnels shows the lines that record one', async ({ page }) => {
  const answer = await page.request.post('/api/access/projects', {
    data: { name: `no funnels ${Date.now()}` },
  })
  const { project } = await answer.json()
  await page.goto(`/funnels?project=${project.id}`)
  await expect(page.getByText(/\/api\/analytics\/user\/funnels\/track/).first()).toBeVisible()
  await expect(page.getByRole('link', { name: 'build a funnel from events' })).toBeVisible()
})
