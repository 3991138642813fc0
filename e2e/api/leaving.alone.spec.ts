import { credentials, dataDir } from '@/e2e/fixtures/product'
import { expect, test } from '@/e2e/fixtures/signed-in'
import { holdTable } from '@/scripts/test/hold-table'

test('nothing is read for someone who has left: not for a page, nor for an app', async ({ session }) => {
  const { url, project } = credentials()
  const cookie = session.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const questions: [path: string, headers: Record<string, string>][] = [
    ['/funnels', { cookie }],
    [`/api/analytics/user/funnels?project=${project.id}`, { authorization: `Bearer ${project.secretKey}` }],
  ]
  const held = await holdTable(dataDir(), 'saved_funnels')
  try {
    for (const [path, headers] of questions) {
      const leaving = new AbortController()
      const asked = fetch(url + path, { headers, signal: leaving.signal })
        // A page comes in parts, the last of them when its questions are answered.
        .then((response) => response.text())
        .then(
          () => 'answered',
          () => 'left',
        )
      await expect.poll(held.waiting).toBeGreaterThan(0)
      leaving.abort()
      expect(await asked).toBe('left')
      await expect.poll(held.waiting).toBe(0)
    }
  } finally {
    await held.release()
  }
})
