import { test as plain } from '@/e2e/fixtures/in-place'
import { call, credentials } from '@/e2e/fixtures/product'
import { expect, signIn, test } from '@/e2e/fixtures/signed-in'

const TRACK = '/api/analytics/user/events/track'

plain('who is not signed in is led to the sign-in and back to the page', async ({ page }) => {
  const { url, users } = credentials()
  await page.goto(`${url}/settings/keys`)
  await page.waitForURL('**/sign-in?**')
  await page.getByLabel('E-mail').fill(users.viewer.email)
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert').first()).toContainText(/password/i)
  await page.getByLabel('Password', { exact: true }).fill(users.viewer.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/settings/keys**')
  await expect(page.getByRole('button', { name: 'Create a key' })).toBeHidden()
})

plain('a sign-in leads to no other site', async ({ page }) => {
  const { url, users } = credentials()
  await page.goto(`${url}/sign-in?callbackUrl=${encodeURIComponent('https://evil.example/')}`)
  await page.getByLabel('E-mail').fill(users.viewer.email)
  await page.getByLabel('Password', { exact: true }).fill(users.viewer.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${url}/overview**`)
})

plain('guessing a password is slowed down, for that address alone', async ({ page, request }) => {
  const { url } = credentials()
  const { csrfToken } = await (await request.get(`${url}/api/auth/csrf`)).json()
  const guess = (email: string) =>
    request.post(`${url}/api/auth/callback/credentials`, {
      form: { csrfToken, email, password: 'guess', json: 'true' },
    })
  const answers: number[] = []
  for (let attempt = 0; attempt < 14; attempt++)
    answers.push((await guess('someone@holdfast.local')).status())
  expect(answers.slice(0, 10)).not.toContain(429)
  const last = await guess('someone@holdfast.local')
  expect(last.status()).toBe(429)
  expect(Number(last.headers()['retry-after'])).toBeGreaterThan(0)
  await signIn(page, 'operator')
})

test('a key is made, shown once, records, and is refused once revoked', async ({ page }) => {
  const name = `e2e ${Date.now()}`
  await page.goto('/settings/keys')
  await page.getByRole('button', { name: 'Create a key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Create the key' }).click()
  const key =
    /wk_[\w-]{32}/.exec(
      (await dialog
        .getByText(/wk_[\w-]{32}/)
        .first()
        .textContent()) ?? '',
    )?.[0] ?? ''
  await page.reload()
  expect(await page.content()).not.toContain(key)
  const body = { name: 'from a new key', userId: 'u' }
  expect((await call('POST', TRACK, { key, body })).status).toBe(202)
  await page.getByRole('button', { name: `Revoke ${name}` }).click()
  await page.getByRole('button', { name: 'Revoke the key' }).click()
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('revoked')
  expect((await call('POST', TRACK, { key, body })).status).toBe(401)
})

test('another site cannot change anything with the session of someone signed in', async ({ page }) => {
  const change = (headers: Record<string, string>) =>
    page.request.post('/api/access/keys', { data: { name: 'x', kind: 'write' }, headers })
  expect((await change({ origin: 'https://evil.example' })).status()).toBe(403)
  expect((await change({ 'sec-fetch-site': 'cross-site' })).status()).toBe(403)
  expect((await change({ origin: 'null' })).status()).toBe(403)
})

plain('roles are kept by the API, not only by the pages', async ({ page }) => {
  const { url } = credentials()
  await signIn(page, 'viewer')
  const made = await page.request.post(`${url}/api/access/keys`, { data: { name: 'x', kind: 'write' } })
  expect(made.status()).toBe(403)
  expect((await page.request.get(`${url}/api/access/keys`)).status()).toBe(200)
})

test("one project's key reads nothing of another", async ({ page }) => {
  const made = await page.request.post('/api/access/projects', { data: { name: `other ${Date.now()}` } })
  const { project } = await made.json()
  const { secret } = await (
    await page.request.post('/api/access/keys', { data: { project: project.id, name: 'x', kind: 'secret' } })
  ).json()
  const own = await call('GET', '/api/analytics/user/events/analytics', { key: secret })
  expect(own.body.totals).toMatchObject({ events: 0 })
  const asked = await call('GET', `/api/analytics/user/events?project=${credentials().project.id}`, {
    key: secret,
  })
  expect(asked.status).toBe(403)
})

test('a key that asks too often gets 429 and Retry-After', async ({ page }) => {
  const answer = await page.request.post('/api/access/keys', {
    data: { name: 'slow', kind: 'write', ratePerSecond: 2 },
  })
  const { secret } = await answer.json()
  const begun = Date.now()
  const answers = await Promise.all(
    Array.from({ length: 60 }, () =>
      call('POST', TRACK, { key: secret, body: { name: 'limited', userId: 'u' } }),
    ),
  )
  const refused = answers.filter(({ status }) => status === 429)
  // Two seconds' worth at once, and what grows meanwhile.
  const most = 4 + 2 * ((Date.now() - begun) / 1_000) + 1
  const taken = answers.filter(({ status }) => status === 202).length
  expect(taken).toBeGreaterThanOrEqual(4)
  expect(taken).toBeLessThanOrEqual(most)
  expect(refused).toHaveLength(60 - taken)
  for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
})
