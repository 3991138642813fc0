import { connect } from 'node:net'
import { expect, test } from '@playwright/test'
import { credentials } from '@/e2e/fixtures/product'

test('a connection that says nothing is closed without a word: a browser would take one for its next page', async () => {
  const { hostname, port } = new URL(credentials().url)
  const heard = await new Promise<string>((resolve) => {
    let text = ''
    connect(Number(port), hostname)
      .on('data', (chunk) => (text += chunk))
      .on('close', () => resolve(text))
  })
  expect(heard).toBe('')
})
