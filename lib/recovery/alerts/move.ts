import { randomUUID } from 'node:crypto'
import { log } from '@/lib/log'
import type { KeptChannel } from '@/lib/recovery/alerts/channels/store'
import type { AlertChange, Thresholds } from '@/lib/recovery/alerts/contract'
import { evaluate, newState, type Observation, type RuleState } from '@/lib/recovery/alerts/evaluate'
import { isUnwritten, keepAlerts, knownAlerts } from '@/lib/recovery/alerts/memory'
import type { About, KeptChange } from '@/lib/recovery/alerts/store'

/** Changes that are kept. */
const HISTORY = 200

/** What can fire, as it was just seen. */
export interface Sight {
  id: string
  title: string
  bad: 'above' | 'below'
  thresholds: Thresholds
  seen: Observation
  /** Until then it is not announced; milliseconds since 1970. */
  silencedUntil?: number
  /** Without an observation for so long nobody can say that something held; milliseconds. */
  gapMs?: number
  /** Of a metric alert, which no rule describes. */
  about?: About
}

/**
 * Moves everything on by what was seen, and puts what changed into the channels' queues.
 *
 * @param channels null while they cannot be read: then nobody is told until they can be
 */
export async function moveOn(sights: Sight[], channels: KeptChannel[] | null, at: number): Promise<void> {
  const { states } = knownAlerts()
  let changed = false
  for (const sight of sights) {
    const before = states[sight.id] ?? newState(at)
    const after = evaluate(before, sight.seen, sight.thresholds, sight.bad, at, sight.gapMs)
    states[sight.id] = after
    if (after.state !== before.state || after.level !== before.level) changed = true
    const change = after.level === before.level ? undefined : note(sight, before, after, at)
    if (channels && announce(sight, after, change, channels, at)) changed = true
  }
  if (changed || isUnwritten()) await keep()
}

/** A full disk must not keep anyone from being told. */
const keep = (): Promise<void> =>
  keepAlerts().catch((error) => log('error', 'the state of alerts cannot be written', { error }))

/** Forgets what nobody watches any more; the channels hear that it has ended. */
export async function forget(
  { id, title, about }: Pick<Sight, 'id' | 'title' | 'about'>,
  why: string,
  channels: KeptChannel[],
  at: number,
): Promise<void> {
  const file = knownAlerts()
  const state = file.states[id] ?? newState(at)
  const level = file.announced[id] ?? null
  delete file.states[id]
  delete file.announced[id]
  const ended = { ...state, level: null, firingSince: null }
  const seen = { value: null, detail: why }
  if (level) tell(channels, changeOf({ id, title, about, seen }, ended, at, { ...state, level }), at)
  await keep()
}

function note(sight: Sight, before: RuleState, after: RuleState, at: number): KeptChange {
  const file = knownAlerts()
  const change = changeOf(sight, after, at, before)
  if (!sight.about) file.history = [...file.history, change].slice(-HISTORY)
  const [level, what] = after.level
    ? (['warn', 'an alert fires'] as const)
    : (['info', 'an alert resolved'] as const)
  log(level, what, { rule: sight.id, severity: change.level, detail: change.detail })
  return change
}

/**
 * Has the channels told what they do not know yet. What begins to fire while it is silenced is told when the silence is over,
 * if it still does then.
 */
function announce(
  sight: Sight,
  now: RuleState,
  change: KeptChange | undefined,
  channels: KeptChannel[],
  at: number,
): boolean {
  const file = knownAlerts()
  const told = file.announced[sight.id] ?? null
  if (told === now.level) return false
  if (now.level !== null && (sight.silencedUntil ?? 0) > at) return false
  file.announced[sight.id] = now.level
  tell(channels, change ?? changeOf(sight, now, at, { ...now, level: told }), at)
  return true
}

function tell(channels: KeptChannel[], message: KeptChange, at: number): void {
  const topic = message.about ? 'metrics' : 'cluster'
  for (const { id, enabled, tells } of channels)
    if (enabled && (tells?.includes(topic) ?? true))
      knownAlerts().outbox.push({ channel: id, message, attempts: 0, queuedAt: at, nextAt: at })
}

function changeOf(
  { id, title, about, seen: { value, detail } }: Pick<Sight, 'id' | 'title' | 'about' | 'seen'>,
  { level, firingSince }: RuleState,
  at: number,
  before: RuleState,
): KeptChange {
  const change: AlertChange = {
    id: randomUUID(),
    rule: id,
    title,
    kind: level ? 'firing' : 'resolved',
    level: level ?? before.level ?? 'critical',
    at: new Date(at).toISOString(),
    since: new Date(firingSince ?? before.firingSince ?? at).toISOString(),
    value,
    detail,
  }
  return about ? { ...change, about } : change
}
