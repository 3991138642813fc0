import { env } from '@/lib/env'
import type { AlertChange } from '@/lib/recovery/alerts/contract'
import { findRule } from '@/lib/recovery/alerts/rules'
import { formatSeconds } from '@/lib/recovery/format'

/** A change as a receiver gets it, or the trial of a channel. */
export type Message = Omit<AlertChange, 'kind'> & { kind: AlertChange['kind'] | 'test' }

/** The line that says it all. */
export function headline({ kind, level, title, at, since }: Message): string {
  if (kind === 'test') return `TEST: ${title}`
  if (kind === 'firing') return `${level.toUpperCase()}: ${title}`
  return `RESOLVED: ${title}, after ${formatSeconds((Date.parse(at) - Date.parse(since)) / 1000)}`
}

/** The generic webhook's body. `id` stays the same when it is sent again. */
export function toJson(message: Message) {
  const rule = findRule(message.rule)
  return {
    version: 1,
    id: message.id,
    cluster: env().HOLDFAST_CLUSTER,
    kind: message.kind,
    level: message.level,
    rule: message.rule,
    title: message.title,
    at: message.at,
    since: message.since,
    observed: { value: message.value, unit: rule?.unit ?? null, detail: message.detail },
    why: rule?.why ?? '',
    action: rule?.action ?? '',
    url: linkOf(message),
  }
}

/** What Slack, and those who speak its format, show. */
export function toSlack(message: Message) {
  const text = escapeSlack(`${headline(message)} · ${env().HOLDFAST_CLUSTER}`)
  const body = escapeSlack(bodyOf(message).join('\n'))
  return {
    text,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `*${text}*\n${body}` } },
      { type: 'section', text: { type: 'mrkdwn', text: `<${linkOf(message)}|Open Holdfast>` } },
    ],
  }
}

/** Subject and text of an e-mail. */
export function toMail(message: Message): { subject: string; text: string } {
  return {
    subject: `[Holdfast ${env().HOLDFAST_CLUSTER}] ${headline(message)}`,
    text: `${[...bodyOf(message), linkOf(message)].join('\n\n')}\n`,
  }
}

function bodyOf({ kind, rule: id, detail, at }: Message): string[] {
  const rule = findRule(id)
  const seen = `${detail} (${at})`
  return rule && kind === 'firing' ? [seen, rule.why, rule.action] : [seen]
}

const linkOf = ({ rule }: Message): string =>
  new URL(findRule(rule)?.page ?? '/recovery/alerts', env().NEXTAUTH_URL).href

const escapeSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
