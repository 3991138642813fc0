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

/** HTTP libraries with which servers send records: their agent tells nothing about who used the product. */
const libraries = [
  'curl/8.5.0',
  'Wget/1.21',
  'node',
  'node-fetch/3.0',
  'undici',
  'axios/1.7.2',
  'got (https://github.com/sindresorhus/got)',
  'python-requests/2.31.0',
  'python-httpx/0.27.0',
  'Python-urllib/3.11',
  'aiohttp/3.9',
  'Go-http-client/2.0',
  'Java/17.0.1',
  'okhttp/4.12.0',
  'Apache-HttpClient/4.5',
  'Ruby',
  'Faraday v2.9.0',
  'GuzzleHttp/7',
  'PHP/8.3',
  'reqwest/0.12',
  'PostmanRuntime/7.36',
  'HTTPie/3.2',
]

/** Without the patterns that also find an HTTP library. */
const isSendingBot = singleton('ingest.isbot', () =>
  createIsbotFromList(
    list.filter((pattern) => !libraries.some((agent) => new RegExp(pattern, 'i').test(agent))),
  ),
)

const cache = singleton('ingest.agents', () => new Map<string, Agent>())

/**
 * What a user agent tells. Kept for the agents seen last, since parsing one costs more than storing an event.
 *
 * @param stated the record itself names this agent, so an HTTP library's name in it is a bot's
 */
export function readAgent(userAgent: string | null, stated = false): Agent {
  if (!userAgent) return { bot: false, device: null, browser: null, os: null }
  const key = stated ? `s${userAgent}` : userAgent
  const known = cache.get(key)
  if (known) return known
  const agent = parse(userAgent, stated)
  if (cache.size >= CAPACITY) cache.clear()
  cache.set(key, agent)
  return agent
}

function parse(userAgent: string, stated: boolean): Agent {
  const bot = stated ? isbot(userAgent) : isSendingBot(userAgent)
  const { browser, os, platform } = Bowser.parse(userAgent)
  return { bot, device: platform.type ?? null, browser: browser.name || null, os: os.name ?? null }
}
