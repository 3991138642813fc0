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
    'UptimeRobot/2.0',
    'kube-probe/1.27',
    'ELB-HealthChecker/2.0',
    'Datadog/Synthetics',
    'check_http/v2.3.3 (monitoring-plugins 2.3.3)',
    'Scrapy/2.11 (+https://scrapy.org)',
    'Screaming Frog SEO Spider/19.0',
    'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
    'Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)',
  ])('knows the monitor or crawler %s', (agent) => {
    expect(readAgent(agent).bot).toBe(true)
  })

  it.each([
    'curl/8.9.1',
    'node',
    'python-requests/2.32.3',
    'Go-http-client/1.1',
    'axios/1.7.2',
    'okhttp/4.12.0',
    'RestSharp/106.15.0.0',
    'rest-client/2.1.0 (linux-gnu x86_64) ruby/3.2',
    'Faraday v2.9.0',
    'Java-http-client/17.0.1',
    'ReactorNetty/1.1',
    'Symfony HttpClient (Curl)',
    'lwp-request/6.67',
    'Microsoft WinHttp',
    'aws-sdk-js/3.400 os/linux lang/js',
    'hackney/1.18.1',
    'Dart/3.2 (dart:io)',
    'acme-events-worker/3 (+https://acme.example)',
    'AcmeCo Data Sync 1.2',
  ])('takes %s for what sends, no bot and no browser', (agent) => {
    expect(readAgent(agent)).toMatchObject({ bot: false, browser: null, device: null })
  })

  it.each([
    ['Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UD1A.230803.041)', 'mobile', 'Android'],
    ['Dalvik/2.1.0 (Linux; U; Android 13; SM-X906C Build/TP1A)', 'tablet', 'Android'],
    ['MyShop/5.1 (Linux; Android 13; SM-S911B)', 'mobile', 'Android'],
    ['MyShop/42 CFNetwork/1498.700.2 Darwin/23.6.0', 'mobile', 'iOS'],
    ['MyShop/42 CFNetwork/1410.1 Darwin/22.6.0 (x86_64)', 'desktop', 'macOS'],
    ['MyShop/42 (iPhone; iOS 17.5; Scale/3.00)', 'mobile', 'iOS'],
    ['MyShop/1.0 (com.shop.app; build:1; iOS 17.5.1) Alamofire/5.9.1', 'mobile', 'iOS'],
    ['Shop/3.2 (iPad; iOS 16.1)', 'tablet', 'iOS'],
    ['ShopDesktop/1.4 (Windows NT 10.0; Win64; x64)', 'desktop', 'Windows'],
    ['ShopDesktop/1.4 (Macintosh; Intel Mac OS X 14_5)', 'desktop', 'macOS'],
  ])('tells of the app %s where it runs', (agent, device, os) => {
    expect(readAgent(agent)).toEqual({ bot: false, device, browser: null, os })
  })

  it('knows nothing without an agent', () => {
    expect(readAgent(null)).toEqual({ bot: false, device: null, browser: null, os: null })
  })
})
