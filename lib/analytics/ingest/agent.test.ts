import { describe, expect, it } from 'vitest'
import { readAgent } from '@/lib/analytics/ingest/agent'

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'

describe('readAgent', () => {
  it('tells device, browser and system', () => {
    expect(readAgent(chrome)).toEqual({ bot: false, device: 'desktop', browser: 'Chrome', os: 'Windows' })
    expect(readAgent(iphone)).toEqual({ bot: false, device: 'mobile', browser: 'Safari', os: 'iOS' })
  })

  it.each([
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0 Safari/537.36',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36',
    'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
    'Twitterbot/1.0',
    'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
    'GPTBot/1.2 (+https://openai.com/gptbot)',
  ])('knows %s as a bot', (agent) => {
    expect(readAgent(agent).bot).toBe(true)
  })

  it.each([
    'curl/8.9.1',
    'node',
    'python-requests/2.32.3',
    'Go-http-client/1.1',
    'axios/1.7.2',
    'okhttp/4.12.0',
  ])('takes %s for a server that sends, unless the record names it', (agent) => {
    expect(readAgent(agent).bot).toBe(false)
    expect(readAgent(agent, true).bot).toBe(true)
  })

  it('knows nothing without an agent', () => {
    expect(readAgent(null)).toEqual({ bot: false, device: null, browser: null, os: null })
  })
})
