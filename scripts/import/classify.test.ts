import { describe, expect, it } from 'vitest'
import { classify } from './classify'
import type { LogLine } from './parse-line'

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36'
const googlebot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
const line = (parts: Partial<LogLine>): LogLine => ({
  address: '::1',
  at: 0,
  occurredAt: '1970-01-01T00:00:00+00:00',
  method: 'GET',
  target: '/',
  status: 200,
  bytes: 0,
  referrer: '',
  agent: chrome,
  hasAgent: true,
  ...parts,
})

describe('classify', () => {
  it.each([
    '/',
    '/about',
    '/blog/',
    '/index.html',
    '/index.php?x=1',
    '/report.pdf.html',
    '/v1.2/notes',
    '/?file=a.css',
    '/feedback',
    '/search?q=rss',
    'http://example.org',
    'https://example.com/',
    '',
  ])('takes %j for a page', (target) => {
    expect(classify(line({ target }))).toBe('imported')
  })

  it.each([
    '/style.css',
    '/app.JS?v=3',
    '/favicon.ico',
    '/robots.txt',
    '/sitemap.xml',
    '/a/b.tar.gz',
    '/x.webp#top',
    '/feed/',
    '/comments/feed',
    '/?feed=rss2',
    '/blog?a=1&flav=rss20',
    'http://example.org/logo.png',
  ])('takes %j for an asset', (target) => {
    expect(classify(line({ target }))).toBe('asset')
  })

  it.each([
    [200, 'imported'],
    [206, 'imported'],
    [304, 'imported'],
    [301, 'other'],
    [307, 'other'],
    [101, 'other'],
    [404, 'error'],
    [500, 'error'],
  ] as const)('status %i is %s', (status, expected) => {
    expect(classify(line({ status }))).toBe(expected)
  })

  it.each(['HEAD', 'POST', 'OPTIONS', '-', ''])('method %j is other', (method) => {
    expect(classify(line({ method }))).toBe('other')
  })

  it('knows bots, and takes a missing agent for one', () => {
    expect(classify(line({ agent: googlebot }))).toBe('bot')
    expect(classify(line({ agent: 'curl/8.5.0' }))).toBe('bot')
    expect(classify(line({ agent: '' }))).toBe('bot')
    expect(classify(line({ agent: '', hasAgent: false }))).toBe('imported')
  })

  it('asks in one order: malformed, error, other, asset, bot', () => {
    const all = { status: 404, method: 'HEAD', target: '/a.css', agent: googlebot }
    expect(classify(null)).toBe('malformed')
    expect(classify(line(all))).toBe('error')
    expect(classify(line({ ...all, status: 200 }))).toBe('other')
    expect(classify(line({ ...all, status: 200, method: 'GET' }))).toBe('asset')
    expect(classify(line({ ...all, status: 200, method: 'GET', target: '/' }))).toBe('bot')
  })
})
