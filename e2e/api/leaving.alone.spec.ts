import { request } from '@playwright/test'
import { credentials, dataDir } from '@/e2e/fixtures/product'
import { expect, test } from '@/e2e/fixtures/signed-in'
import { holdTable } from '@/scripts/test/hold-table'

/** Long enough for the question to reach the database. */
const PATIENCE_MS = 5_000

test('nothing is read for someone who has left: not for a page, nor for an app', async ({ session }) => {
  const { url, project } = credentials()
  const signedIn = await request.newContext({ baseURL: url, storageState: session })
  const held = await holdTable(dataDir(), 'saved_funnels')
  try {
    const questions = [
      () => signedIn.get('/funnels', { timeout: PATIENCE_MS }),
      () =>
        signedIn.get(`/api/analytics/user/funnels?project=${project.id}`, {
          timeout: PATIENCE_MS,
          headers: { authorization: `Bearer ${project.secretKey}` },
        }),
    ]
    for (const ask of questions) {
      const asked = ask().then(
        () => 'answered',
        () => 'left',
      )
      await expect.poll(held.waiting).toBeGreaterThan(0)
      expect(await asked).toBe('left')
      await expect.poll(held.waiting).toBe(0)
    }
  } finally {
    await held.release()
    await signedIn.dispose()
  }
})
