import Bowser from 'bowser'
import { createIsbotFromList, isbot, list } from 'isbot'
import { singleton } from '@/lib/singleton'

export interface Agent {
  bot: boolean
  device: string | null
  browser: string | null
  os: string | null
}

const CAPACITY = 5_000

/** What every browser calls itself first. */
const BROWSER = /^(?:Mozilla|Opera)\//

/**
 * HTTP libraries and services of one's own, which send records: one for each pattern that finds such names among bots. A
 * browser has no such name, so a list of bots may count them in; ours may not.
 */
const senders = [
  'curl/8.5.0',
  'Wget/1.21',
  'node',
  'got (https://github.com/sindresorhus/got)',
  'superagent/8.1',
  'python-requests/2.31.0',
  'Java/17.0.1',
  'okhttp/4.12.0',
  'GuzzleHttp/7',
  'PHP/8.3',
  'libwww-perl/6.67',
  'RestSharp/106.15.0.0',
  'WordPress/6.4; https://shop.example',
  'PostmanRuntime/7.36',
  'WinHttp-Autoproxy-Service',
  'MyShop-Server/2.3',
]

/** Crawlers and monitors that are known as bots only by what the names of senders look like, too. */
const MONITOR =
  /probe|pinger|check_http|monitor|uptime|freshping|zabbix|nagios|prometheus|datadog|dynatrace|thousandeyes|checkly|updown\.io|scrapy|heritrix|nmap|sqlmap|nikto|embedly|pinterest\/|vkshare/i

const isNamedBot = singleton('ingest.isbot', () =>
  createIsbotFromList(
    list.filter((pattern) => !senders.some((agent) => new RegExp(pattern, 'i').test(agent))),
  ),
)

const cache = singleton('ingest.agents', () => new Map<string, Agent>())

/** What a user agent tells. Kept for the agents seen last, since parsing one costs more than storing an event. */
export function readAgent(userAgent: string | null): Agent {
  if (!userAgent) return { bot: false, device: null, browser: null, os: null }
  const known = cache.get(userAgent)
  if (known) return known
  const agent = BROWSER.test(userAgent) ? readBrowser(userAgent) : readApp(userAgent)
  if (cache.size >= CAPACITY) cache.clear()
  cache.set(userAgent, agent)
  return agent
}

function readBrowser(userAgent: string): Agent {
  const { browser, os, platform } = Bowser.parse(userAgent)
  return {
    bot: isbot(userAgent),
    device: platform.type ?? null,
    browser: browser.name || null,
    os: os.name ?? null,
  }
}

type Platform = [mark: RegExp, os: string, device: string | null]

/** What an app that is no browser says of where it runs, the first that fits. */
const platforms: Platform[] = [
  [/\bipad/i, 'iOS', 'tablet'],
  [/\b(?:iphone|ipod|ios\b)/i, 'iOS', 'mobile'],
  [/\btvos|apple ?tv/i, 'tvOS', 'tv'],
  [/\bandroid.*(?:tablet|\bpad\b|\btab\b|sm-[tx]\d)/i, 'Android', 'tablet'],
  [/\bandroid|^dalvik/i, 'Android', 'mobile'],
  [/\bmac ?os|macintosh|os ?x\b/i, 'macOS', 'desktop'],
  // What Foundation sends of itself has no more; macOS adds its processor.
  [/\bcfnetwork\/.*\bdarwin\/.*\((?:x86_64|arm64)\)/i, 'macOS', 'desktop'],
  [/\bcfnetwork\/.*\bdarwin\//i, 'iOS', 'mobile'],
  [/\bwindows/i, 'Windows', 'desktop'],
]

/** An app of one's own, a library or a crawler: there is no browser. */
function readApp(userAgent: string): Agent {
  const bot = isNamedBot(userAgent) || MONITOR.test(userAgent)
  const [, os = null, device = null] = platforms.find(([mark]) => mark.test(userAgent)) ?? []
  return { bot, device, browser: null, os }
}
