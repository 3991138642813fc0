import { log } from '@/lib/log'
import { sendTo } from '@/lib/recovery/alerts/channels/send'
import type { KeptChannel } from '@/lib/recovery/alerts/channels/store'
import { keepAlerts, knownAlerts } from '@/lib/recovery/alerts/memory'
import type { Delivery } from '@/lib/recovery/alerts/store'
import { singleton } from '@/lib/singleton'

/** The wait before the second try; it doubles with each, up to the longest. */
const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 5 * 60_000
/** After so long a message is given up. */
const GIVE_UP_MS = 6 * 3_600_000
/** Messages that wait for one channel at the most: older ones are given up. */
const WAITING = 200

/** What is on its way, by channel. */
const deliveries = () =>
  singleton('alerts.deliveries', () => ({ underWay: new Map<string, Promise<void>>(), ending: false }))

/**
 * Sends what is due, to each channel in its order and apart from the others, so that a dead one delays nothing. Returns at
 * once.
 */
export function deliverDue(channels: KeptChannel[]): void {
  const { underWay } = deliveries()
  dropOrphans(channels)
  for (const channel of channels) {
    if (underWay.has(channel.id)) continue
    const work = sendAll(channel)
      .catch((error) => log('error', 'alerts were not delivered', { channel: channel.name, error }))
      .finally(() => underWay.delete(channel.id))
    underWay.set(channel.id, work)
  }
}

/** Resolves when nothing is on its way any more: what was taken is known to be. */
export async function endDeliveries(): Promise<void> {
  deliveries().ending = true
  await Promise.all(deliveries().underWay.values())
}

/** How long to wait after so many tries that failed, in milliseconds. */
export const waitAfter = (attempts: number): number =>
  Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempts - 1))

async function sendAll({ id, name, target }: KeptChannel): Promise<void> {
  const file = knownAlerts()
  for (;;) {
    const next = file.outbox.find(({ channel }) => channel === id)
    if (!next || next.nextAt > Date.now() || deliveries().ending) return
    next.attempts += 1
    const error = await sendTo(target, next.message).then(
      () => null,
      (failed: Error) => failed.message,
    )
    const before = file.channels[id]
    file.channels[id] = {
      deliveredAt: error === null ? Date.now() : (before?.deliveredAt ?? null),
      failedAt: error === null ? (before?.failedAt ?? null) : Date.now(),
      error,
    }
    if (error === null) settle(next, name)
    else retryLater(next, name, error)
    await keepAlerts()
  }
}

function settle(delivery: Delivery, name: string): void {
  const { attempts, message } = delivery
  const { rule, kind } = message
  log('info', 'an alert was delivered', { channel: name, rule, kind, attempts })
  remove(delivery)
}

function retryLater(next: Delivery, name: string, error: string): void {
  const now = Date.now()
  next.nextAt = now + waitAfter(next.attempts)
  const { attempts, message } = next
  if (attempts === 1) log('warn', 'an alert was not delivered', { channel: name, rule: message.rule, error })
  if (now - next.queuedAt < GIVE_UP_MS) return
  log('error', 'an alert was given up', { channel: name, rule: message.rule, attempts, error })
  remove(next)
}

function remove(delivery: Delivery): void {
  const file = knownAlerts()
  file.outbox = file.outbox.filter((one) => one !== delivery)
}

/** What waits for a channel that is no more, or for too long a line. */
function dropOrphans(channels: KeptChannel[]): void {
  const file = knownAlerts()
  for (const { id, name } of channels) {
    const waiting = file.outbox.filter(({ channel }) => channel === id)
    for (const one of waiting.slice(0, -WAITING)) {
      log('error', 'an alert was given up: too many wait', { channel: name, rule: one.message.rule })
      remove(one)
    }
  }
  const ids = new Set(channels.filter(({ enabled }) => enabled).map(({ id }) => id))
  file.outbox = file.outbox.filter(({ channel }) => ids.has(channel))
}
