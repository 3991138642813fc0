import { isbot } from 'isbot'
import { isAsset } from './page-path'
import type { LogLine } from './parse-line'

/** What a line can be, in the order in which it is asked; a line is the first that fits, and nothing else. */
export const lineClasses = ['malformed', 'error', 'other', 'asset', 'bot', 'imported'] as const
export type LineClass = (typeof lineClasses)[number]

/** What each class means, for the summary. */
export const classMeanings: Record<LineClass, string> = {
  malformed: 'not a line of this format',
  error: 'answered with 4xx or 5xx',
  other: 'a redirect, or a method other than GET',
  asset: 'a file or a feed, not a page',
  bot: 'a page, fetched by a bot or without an agent',
  imported: 'a page view',
}

const bots = new Map<string, boolean>()
const BOTS_KEPT = 20_000

/**
 * The class of a line; null stands for one that could not be parsed. A request without an agent counts as a bot's, where the
 * log says agents: every browser sends one.
 */
export function classify(line: LogLine | null): LineClass {
  if (!line) return 'malformed'
  if (line.status >= 400) return 'error'
  const taken = (line.status >= 200 && line.status < 300) || line.status === 304
  if (line.method !== 'GET' || !taken) return 'other'
  if (isAsset(line.target)) return 'asset'
  return line.hasAgent && isBot(line.agent) ? 'bot' : 'imported'
}

function isBot(agent: string): boolean {
  const known = bots.get(agent)
  if (known !== undefined) return known
  const bot = agent === '' || isbot(agent)
  if (bots.size >= BOTS_KEPT) bots.clear()
  bots.set(agent, bot)
  return bot
}
