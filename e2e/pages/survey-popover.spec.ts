import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page, test } from '@playwright/test'

/** survey.js in the strictest of pages: no style of the page's own, no script but from its host, no HTML by script. */

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
const HOST = 'https://shop.example'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const nps = {
  id: 'a',
  survey: 'nps',
  question: 'How likely are you to recommend us?',
  followUp: 'Why?',
  pattern: '^.*$',
  delaySeconds: 0,
  everyDays: 90,
}

type Answer = [score: number, response?: string]
type Asking = Window & { answers: Answer[]; keys: string[]; ask(survey: object): void }

/** A page that asks, with what the browser complained of. */
async function openShop(page: Page, survey: object = nps, html = 'lang="en"'): Promise<string[]> {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  const files: Record<string, [type: string, body: string]> = {
    '/survey.js': ['text/javascript', readFileSync('public/survey.js', 'utf8')],
    '/app.js': [
      'text/javascript',
      `import { ask } from '/survey.js'
       window.answers = []
       window.keys = []
       addEventListener('keydown', (event) => window.keys.push(event.key))
       window.ask = (survey) => ask(survey, (...answer) => window.answers.push(answer))`,
    ],
    '/': [
      'text/html',
      `<!doctype html><html ${html}><title>Shop</title><body><main><h1>Shop</h1><button>Buy</button></main>
       <script type="module" src="/app.js"></script>`,
    ],
  }
  await page.route(`${HOST}/**`, (route) => {
    const [contentType, body] = files[new URL(route.request().url()).pathname] ?? ['text/plain', '']
    return route.fulfill({ contentType, body, headers: { 'content-security-policy': POLICY } })
  })
  await page.goto(HOST)
  await page.getByRole('button', { name: 'Buy' }).focus()
  await page.evaluate((asked) => (window as unknown as Asking).ask(asked), survey)
  return complaints
}

const answersOf = (page: Page) => page.evaluate(() => (window as unknown as Asking).answers)
const popover = (page: Page) => page.getByRole('dialog', { name: nps.question })

test('a score and words are sent, by mouse, and the thanks go away', async ({ page }) => {
  const complaints = await openShop(page)
  const dialog = popover(page)
  await expect(dialog).toHaveCSS('border-radius', '12px')
  await expect(page.getByRole('button', { name: 'Buy' })).toBeFocused()
  await expect(page.getByRole('status')).toContainText(nps.question)
  await expect(dialog.getByRole('button', { name: 'Send' })).toBeHidden()
  await dialog.getByRole('radio', { name: '9', exact: true }).click()
  await dialog.getByLabel('Why?').fill('  It is quick. ')
  await dialog.getByRole('button', { name: 'Send' }).click()
  expect(await answersOf(page)).toEqual([[9, 'It is quick.']])
  await expect(page.getByText('Thank you.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Buy' })).toBeFocused()
  await expect(page.locator('[data-holdfast-survey]')).toHaveCount(0)
  expect(complaints).toEqual([])
})

test('the keyboard is enough: arrows, digits, Escape; the page hears none of it', async ({ page }) => {
  const complaints = await openShop(page)
  await page.keyboard.press('Tab')
  await expect(popover(page).getByRole('button', { name: 'Close' })).toBeFocused()
  await page.evaluate(() => {
    ;(window as unknown as Asking).keys = []
  })
  await page.keyboard.press('Tab')
  // Enter without a score sends nothing.
  await page.keyboard.press('Enter')
  await page.keyboard.press('1')
  await page.keyboard.press('0')
  await expect(popover(page).getByRole('radio', { name: '10: Very likely' })).toBeChecked()
  await page.keyboard.press('ArrowLeft')
  await expect(popover(page).getByRole('radio', { name: '9', exact: true })).toBeChecked()
  await page.keyboard.press('Tab')
  await expect(popover(page).getByLabel('Why?')).toBeFocused()
  await page.keyboard.type('3 words, unsent')
  await page.keyboard.press('Escape')
  await expect(popover(page)).toBeHidden()
  await expect(page.getByRole('button', { name: 'Buy' })).toBeFocused()
  expect(await answersOf(page)).toEqual([[9]])
  expect(await page.evaluate(() => (window as unknown as Asking).keys)).toEqual([])
  expect(complaints).toEqual([])
})

test('closing without a score answers nothing; leaving with one answers it once', async ({ page }) => {
  await openShop(page, { ...nps, followUp: null })
  await popover(page).getByRole('button', { name: 'Close' }).click()
  await expect(popover(page)).toBeHidden()
  expect(await answersOf(page)).toEqual([])
  await page.evaluate((survey) => (window as unknown as Asking).ask(survey), { ...nps, followUp: null })
  await popover(page).getByRole('radio', { name: '3', exact: true }).click()
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')))
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')))
  expect(await answersOf(page)).toEqual([[3]])
})

for (const [kind, scores, first, last] of [
  ['nps', 11, '0: Not likely', '10: Very likely'],
  ['csat', 5, '1: Not satisfied', '5: Very satisfied'],
  ['ces', 7, '1: Very hard', '7: Very easy'],
] as const) {
  test(`${kind} has its scores`, async ({ page }) => {
    await openShop(page, { ...nps, survey: kind })
    const radios = popover(page).getByRole('radio')
    await expect(radios).toHaveCount(scores)
    await expect(radios.first()).toHaveAccessibleName(first)
    await expect(radios.last()).toHaveAccessibleName(last)
  })
}

for (const scheme of ['light', 'dark'] as const) {
  test(`it passes axe in ${scheme}, and fits 320 px`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width: 320, height: 640 })
    await openShop(page)
    await popover(page).getByRole('radio', { name: '5', exact: true }).click()
    const box = await popover(page).boundingBox()
    expect(box).toMatchObject({ x: 0, width: 320 })
    const radio = await popover(page).getByRole('radio').first().boundingBox()
    expect(radio?.width).toBeGreaterThanOrEqual(24)
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() =>
      (
        window as unknown as { axe: { run(): Promise<{ violations: { id: string; help: string }[] }> } }
      ).axe.run(),
    )
    expect(violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([])
  })
}

test('it stands at the other side where text runs from right to left', async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 700 })
  await openShop(page, nps, 'lang="ar" dir="rtl"')
  expect(await popover(page).boundingBox()).toMatchObject({ x: 16 })
})
