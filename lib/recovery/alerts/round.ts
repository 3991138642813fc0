import { randomUUID } from 'node:crypto'
import { log } from '@/lib/log'
import { type KeptChannel, loadChannels } from '@/lib/recovery/alerts/channels/store'
import type { AlertChange } from '@/lib/recovery/alerts/contract'
import { evaluate, newState, type Observation, type RuleState } from '@/lib/recovery/alerts/evaluate'
import type { Facts } from '@/lib/recovery/alerts/facts'
import { isUnwritten, keepAlerts, knownAlerts } from '@/lib/recovery/alerts/memory'
import { type Rule, rules } from '@/lib/recovery/alerts/rules'
import { readSettings, type SettingsFile, writeObserved } from '@/lib/recovery/alerts/store'

/** Changes that are kept. */
const HISTORY = 200

/** Null when they cannot be read: then nobody is told until they can be, and nothing counts as told. */
export function findChannels(): KeptChannel[] | null {
  try {
    return loadChannels()
  } catch (error) {
    log('error', 'channels cannot be read', { error })
    return null
  }
}

/** Moves every rule on by what was observed, and puts what changed into the channels' queues. */
export async function lookAt(facts: Facts, channels = findChannels()): Promise<void> {
  const file = knownAlerts()
  const settings = readSettings()
  const seen: Record<string, Observation> = {}
  let changed = false
  for (const rule of rules) {
    const observation = rule.observe(facts)
    seen[rule.id] = observation
    const before = file.states[rule.id] ?? newState(facts.at)
    const thresholds = settings.thresholds[rule.id] ?? rule.defaults
    const after = evaluate(before, observation, thresholds, rule.bad, facts.at)
    file.states[rule.id] = after
    if (after.state !== before.state || after.level !== before.level) changed = true
    if (after.level !== before.level) note(rule, before, after, observation, facts.at)
    if (channels && announce(rule, after, observation, settings, channels, facts.at)) changed = true
  }
  if (changed || isUnwritten())
    // A full disk must not keep anyone from being told.
    await keepAlerts().catch((error) => log('error', 'the state of alerts cannot be written', { error }))
  try {
    writeObserved({ at: facts.at, seen })
  } catch (error) {
    log('error', 'what was observed cannot be written', { error })
  }
}

function note(rule: Rule, before: RuleState, after: RuleState, seen: Observation, at: number): void {
  const file = knownAlerts()
  const change = changeOf(rule, after, seen, at, before)
  file.history = [...file.history, change].slice(-HISTORY)
  const [level, what] = after.level
    ? (['warn', 'an alert fires'] as const)
    : (['info', 'an alert resolved'] as const)
  log(level, what, { rule: rule.id, severity: change.level, detail: change.detail })
}

/**
 * Has the channels told what they do not know yet. What begins to fire while it is silenced is told when the silence is over,
 * if it still does then.
 */
function announce(
  rule: Rule,
  now: RuleState,
  seen: Observation,
  settings: SettingsFile,
  channels: KeptChannel[],
  at: number,
): boolean {
  const file = knownAlerts()
  const told = file.announced[rule.id] ?? null
  if (told === now.level) return false
  if (now.level !== null && (settings.silencedUntil[rule.id] ?? 0) > at) return false
  const last = file.history.findLast((change) => change.rule === rule.id)
  const message =
    last?.at === new Date(at).toISOString() ? last : changeOf(rule, now, seen, at, { ...now, level: told })
  file.announced[rule.id] = now.level
  for (const { id, enabled } of channels)
    if (enabled) file.outbox.push({ channel: id, message, attempts: 0, queuedAt: at, nextAt: at })
  return true
}

function changeOf(
  { id, title }: Rule,
  { level, firingSince }: RuleState,
  { value, detail }: Observation,
  at: number,
  before: RuleState,
): AlertChange {
  return {
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
}
