import { join } from 'node:path'
import { env } from '@/lib/env'
import { takeLock } from '@/lib/lock'
import { deliverDue } from '@/lib/recovery/alerts/deliver'
import { readFacts } from '@/lib/recovery/alerts/facts'
import { findChannels, lookAt } from '@/lib/recovery/alerts/round'
import { recoveryFolder } from '@/lib/recovery/folder'
import { liftFences } from '@/lib/recovery/members/fence'
import { keepSample } from '@/lib/recovery/samples/keep'
import { singleton } from '@/lib/singleton'

/**
 * One look at everything: keeps a sample of the cluster, lifts fences that have done their work, moves every alert on, and has what changed delivered. Works with
 * every database down. One process on a data folder does it, the others pass.
 */
export async function watchCluster(): Promise<void> {
  if (!isOurs()) return
  const channels = findChannels()
  const facts = await readFacts()
  keepSample(facts.replication)
  await liftFences(facts.topology)
  await lookAt(facts, channels)
  if (channels) deliverDue(channels)
}

/** Whether this process is the one that watches. */
export const isOurs = (): boolean => {
  if (!env().HOLDFAST_DATA_DIR) return false
  const held = singleton('watch.lock', () => ({ ours: false }))
  held.ours ||= 'release' in takeLock(join(recoveryFolder(), 'watch.lock'), 'watch')
  return held.ours
}
