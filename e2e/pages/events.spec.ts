import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { call, dataDir } from '@/e2e/fixtures/product'
import { makeShop, type Shop } from '@/e2e/fixtures/shop'
import { expect, test } from '@/e2e/fixtures/signed-in'

const log = resolve('../shared/data/access-log-2015.combined.gz')
const RANGE = 'from=2015-05-17&to=2015-05-20'

/** Page views of the log by day and path, counted from its lines without any of the importer's code. */
function countLog(): { all: number; byDay: Record<string, number>; byPath: Record<string, number> } {
  const asset =
    /\.(css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|eot|otf|mp[34]|web[mp]|ogg|wav|avi|mov|pdf|zip|t?gz|tar|bz2|xz|rar|7z|exe|dmg|iso|deb|rpm|txt|xml|rss|atom|json)$/i
  const counts = { all: 0, byDay: {} as Record<string, number>, byPath: {} as Record<string, number> }
  for (const line of gunzipSync(readFileSync(log)).toString().split('\n')) {
    const found = / \[(\d+)\/May\/2015:[^\]]*\] "GET (\S+) HTTP\/[\d.]+" (2\d\d|304) /.exec(line)
    const path = found?.[2]?.replace(/[?#].*$/, '') ?? ''
    if (!found || path === '' || asset.test(path)) continue
    counts.all += 1
    counts.byPath[path] = (counts.byPath[path] ?? 0) + 1
    counts.byDay[found[1] as string] = (counts.byDay[found[1] as string] ?? 0) + 1
  }
  return counts
}

test.describe(
  existsSync(log) ? 'the access log of 2015' : 'the access log of 2015 (not run: shared/data is absent)',
  () => {
    test.skip(!existsSync(log))

    const importLog = () =>
      execFileSync('npm', ['run', '-s', 'import', '--', log, '--data-dir', dataDir()], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      })

    test('is imported once, however often it is, and is seen on the Events page', async ({ page }) => {
      const first = importLog()
      const [, sent = '', accepted = ''] =
        /Of (\d+) page views sent: (\d+) accepted, 0 duplicates, 0 rejected/.exec(first) ?? []
      expect(Number(sent)).toBeGreaterThan(1_000)
      expect(accepted).toBe(sent)
      expect(importLog()).toContain(`Of ${sent} page views sent: 0 accepted, ${sent} duplicates, 0 rejected`)

      // This count knows nothing of bots and feeds, so it bounds every number from above; the unit test counts exactly.
      const counted = countLog()
      expect(Number(sent)).toBeLessThan(counted.all)
      const { body } = await call(
        'GET',
        `/api/analytics/user/events/analytics?${RANGE}&breakdown=page&limit=1000`,
      )
      const { totals, series, breakdown } = body as {
        totals: { events: number }
        series: { at: string; events: number }[]
        breakdown: { value: string; events: number }[]
      }
      expect(totals.events).toBe(Number(sent))
      expect(series.map((point) => point.at.slice(8, 10))).toEqual(['17', '18', '19', '20'])
      for (const { at, events } of series)
        expect(events).toBeLessThanOrEqual(counted.byDay[at.slice(8, 10)] ?? 0)
      for (const { value, events } of breakdown)
        expect(events, value).toBeLessThanOrEqual(counted.byPath[value] ?? 0)

      await page.goto(`/events?${RANGE}`)
      await expect(page.getByText(Number(sent).toLocaleString('en'), { exact: true }).first()).toBeVisible()
      await expect(page.getByRole('table', { name: /top events/i })).toContainText('page_view')
    })
  },
)

let shop: Shop
test.beforeAll(async ({ session }) => {
  shop = await makeShop(session)
})

test('a row becomes a filter, the filter is in the address, and the numbers are the API’s', async ({
  page,
}) => {
  await page.goto(shop.at('/events?breakdown=device'))
  const breakdown = page.getByRole('table', { name: /breakdown|device/i }).first()
  await breakdown.getByRole('button', { name: 'mobile' }).click()
  await expect(page).toHaveURL(/device=mobile/)
  const { totals } = await shop.ask<{ totals: { events: number; users: number } }>(
    '/events/analytics?device=mobile',
  )
  await expect(page.getByText(totals.events.toLocaleString('en'), { exact: true }).first()).toBeVisible()
  await expect(page.getByText(totals.users.toLocaleString('en'), { exact: true }).first()).toBeVisible()
  // The address is a saved view.
  await page.reload()
  await expect(page.getByText(totals.events.toLocaleString('en'), { exact: true }).first()).toBeVisible()
  await page.goBack()
  await expect(page).not.toHaveURL(/device=mobile/)
})

test('the range is chosen from the presets or the calendar, and goes along to the next page', async ({
  page,
}) => {
  await page.goto(shop.at('/overview'))
  await page.getByRole('button', { name: /^Range:/ }).click()
  await page.getByRole('button', { name: 'Last 7 days', exact: true }).click()
  await expect(page).toHaveURL(/from=-7d/)
  await page.getByRole('link', { name: 'Events', exact: true }).click()
  await expect(page).toHaveURL(/\/events\?.*from=-7d/)
  await page.getByRole('button', { name: /^Range:/ }).click()
  const picker = page.getByRole('dialog', { name: 'Range' })
  await picker.locator('table button').nth(9).click()
  await picker.locator('table button').nth(12).click()
  await picker.getByRole('button', { name: 'Show' }).click()
  await expect(page).toHaveURL(/from=\d{4}-\d\d-\d\d.*to=\d{4}-\d\d-\d\d/)
})

test('the CSV of a table holds the numbers of the page', async ({ page }) => {
  await page.goto(shop.at('/events?breakdown=device'))
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download Top events as CSV' }).click()
  const path = await (await downloading).path()
  const [head, ...rows] = readFileSync(path, 'utf8').trim().split(/\r?\n/)
  expect(head).toContain('Name')
  expect(rows.length).toBeGreaterThan(5)
})

test('an event shows everything that is stored of it', async ({ page }) => {
  const name = `detail-${Date.now()}`
  await call('POST', '/api/analytics/user/events/track', {
    body: {
      name,
      userId: 'detail-user',
      pageUrl: 'https://x.example/detail?a=1',
      properties: { colour: 'teal', deep: { n: 7 } },
    },
  })
  await page.goto(`/events?name=${name}`)
  const opener = page.getByRole('table', { name: /latest/i }).getByRole('button', { name })
  await opener.click()
  const drawer = page.getByRole('dialog')
  await expect(drawer).toContainText('detail-user')
  await expect(drawer).toContainText('https://x.example/detail?a=1')
  await expect(drawer).toContainText('teal')
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  await expect(opener).toBeFocused()
})

test('an empty project shows the lines that fill it', async ({ page }) => {
  const answer = await page.request.post('/api/access/projects', { data: { name: `empty ${Date.now()}` } })
  const { project } = await answer.json()
  await page.goto(`/events?project=${project.id}`)
  await expect(page.getByText(/curl/).first()).toBeVisible()
  await expect(page.getByText(/\/api\/analytics\/user\/events\/track/).first()).toBeVisible()
})
