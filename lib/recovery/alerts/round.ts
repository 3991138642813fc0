import { log } from '@/lib/log'
import { type KeptChannel, loadChannels } from '@/lib/recovery/alerts/channels/store'
import type { Observation } from '@/lib/recovery/alerts/evaluate'
import type { Facts } from '@/lib/recovery/alerts/facts'
import { moveOn } from '@/lib/recovery/alerts/move'
import { rules } from '@/lib/recovery/alerts/rules'
import { readSettings, writeObserved } from '@/lib/recovery/alerts/store'

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
  const settings = readSettings()
  const seen: Record<string, Observation> = {}
  for (const rule of rules) seen[rule.id] = rule.observe(facts)
  const sights = rules.map(({ id, title, bad, defaults }) => ({
    ...{ id, title, bad },
    seen: seen[id] as Observation,
    thresholds: settings.thresholds[id] ?? defaults,
    silencedUntil: settings.silencedUntil[id],
  }))
  await moveOn(sights, channels, facts.at)
  try {
    writeObserved({ at: facts.at, seen })
  } catch (error) {
    log('error', 'what was observed cannot be written', { error })
  }
}
