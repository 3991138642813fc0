import { randomUUID } from 'node:crypto'
import type { AccountCaller } from '@/lib/access/caller'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'
import type * as contract from '@/lib/recovery/alerts/channels/contract'
import type { Channel, Target } from '@/lib/recovery/alerts/channels/contract'
import { sendTo } from '@/lib/recovery/alerts/channels/send'
import { changeChannels, type KeptChannel, loadChannels } from '@/lib/recovery/alerts/channels/store'
import { type AlertFile, readAlertFile } from '@/lib/recovery/alerts/store'
import { appendJournal } from '@/lib/recovery/journal/file'

/** As many as anyone needs: each is told everything. */
const MOST = 20

/** Every channel, without its secrets, and how it goes with it. */
export async function readChannels(): Promise<OutputOf<typeof contract.listChannels>> {
  const file = readAlertFile()
  return { channels: loadChannels().map((channel) => toItem(channel, file)) }
}

/** Makes or changes a channel; a secret that is left out stays as it was. @throws Problem 409, 422 */
export async function keepChannel(
  { id, name, enabled, tells, target }: ParsedInputOf<typeof contract.saveChannel>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.saveChannel>> {
  const kept = { id, name, enabled, tells, target }
  let isNew = false
  await changeChannels((channels) => {
    const before = channels.find((channel) => channel.id === id)
    isNew = before === undefined
    if (isNew && channels.length >= MOST) throw new Problem(409, `There are ${MOST} channels already.`)
    kept.target = withSecrets(target, before?.target)
    if (before) Object.assign(before, kept)
    else channels.push(kept)
  })
  await journal(account.email, kept, isNew ? 'made' : 'changed')
  return { channel: toItem(kept, readAlertFile()) }
}

/** Deletes a channel. @throws Problem 404 */
export async function removeChannel(
  { id }: ParsedInputOf<typeof contract.deleteChannel>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.deleteChannel>> {
  const channel = find(id)
  await changeChannels((channels) => {
    const index = channels.findIndex((one) => one.id === id)
    if (index >= 0) channels.splice(index, 1)
  })
  await journal(account.email, channel, 'deleted')
  return { id }
}

/** Sends a test message once, and says what came of it. @throws Problem 404 */
export async function tryChannel(
  { id }: ParsedInputOf<typeof contract.testChannel>,
  { account, receivedAt }: AccountCaller,
): Promise<OutputOf<typeof contract.testChannel>> {
  const channel = find(id)
  const at = new Date(receivedAt).toISOString()
  const message = {
    ...{
      id: randomUUID(),
      rule: 'test',
      kind: 'test' as const,
      level: 'warning' as const,
      at,
      since: at,
      value: null,
    },
    title: 'Messages arrive here',
    detail: `${account.email} tries the channel ${channel.name}; nothing is wrong`,
  }
  const error = await sendTo(channel.target, message).then(
    () => null,
    (failed: Error) => failed.message,
  )
  const outcome = error === null ? 'it was taken' : `it was not delivered: ${error}`
  await journal(account.email, channel, `tried, ${outcome}`)
  return { delivered: error === null, message: outcome }
}

function find(id: string): KeptChannel {
  const channel = loadChannels().find((one) => one.id === id)
  if (!channel) throw new Problem(404, 'There is no such channel.')
  return channel
}

/** The new target with what it leaves out of the old one, which has to be of the same kind and, for a password, server. */
function withSecrets(target: Target, before: Target | undefined): Target {
  if (target.kind === 'email') {
    const isSame = before?.kind === 'email' && before.host === target.host && before.user === target.user
    return { ...target, password: target.password ?? (isSame ? before.password : undefined) }
  }
  const old = before?.kind === target.kind ? before : undefined
  const url = target.url ?? old?.url
  if (!url) {
    const message = 'An address is needed'
    throw new Problem(422, `target.url: ${message}`, { errors: [{ path: 'target.url', message }] })
  }
  if (target.kind === 'slack') return { ...target, url }
  const isSameHost = old?.url !== undefined && new URL(old.url).origin === new URL(url).origin
  const secret = target.secret ?? (isSameHost && old?.kind === 'webhook' ? old.secret : undefined)
  return { ...target, url, secret }
}

function toItem(
  { id, name, enabled, tells = ['cluster', 'metrics'], target }: KeptChannel,
  { outbox, channels }: AlertFile,
): Channel {
  const state = channels[id]
  const iso = (at: number | null | undefined) => (at ? new Date(at).toISOString() : null)
  return {
    ...{ id, name, enabled, tells, kind: target.kind },
    destination: target.kind === 'email' ? target.to.join(', ') : new URL(target.url ?? '').host,
    email:
      target.kind === 'email'
        ? {
            ...{ host: target.host, port: target.port, tls: target.tls, from: target.from, to: target.to },
            user: target.user ?? null,
          }
        : null,
    hasSecret: target.kind === 'email' ? !!target.password : target.kind === 'webhook' && !!target.secret,
    waiting: outbox.filter(({ channel }) => channel === id).length,
    deliveredAt: iso(state?.deliveredAt),
    failedAt: iso(state?.failedAt),
    error: state?.error ?? null,
  }
}

const journal = (actor: string, { id, name, target }: KeptChannel, what: string) =>
  appendJournal({
    kind: 'alert channel',
    actor,
    message: `${name} (${target.kind}): ${what}`,
    detail: { channel: id, kind: target.kind },
  })
