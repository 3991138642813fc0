import { env } from '@/lib/env'
import { findRule } from '@/lib/recovery/alerts/rules'
import type { About, KeptChange } from '@/lib/recovery/alerts/store'
import { formatSeconds } from '@/lib/recovery/format'

/** A change as a receiver gets it, or the trial of a channel. */
export type Message = Omit<KeptChange, 'kind'> & { kind: KeptChange['kind'] | 'test' }

/** The line that says it all. */
export function headline({ kind, level, title: name, at, since, about }: Message): string {
  const title = about ? `${name} (${about.project.name})` : name
  if (kind === 'test') return `TEST: ${title}`
  if (kind === 'firing') return `${level.toUpperCase()}: ${title}`
  return `RESOLVED: ${title}, after ${formatSeconds((Date.parse(at) - Date.parse(since)) / 1000)}`
}

/** The generic webhook's body. `id` stays the same when it is sent again. */
export function toJson(message: Message) {
  const words = wordsOf(message)
  return {
    version: 1,
    id: message.id,
    cluster: env().HOLDFAST_CLUSTER,
    kind: message.kind,
    level: message.level,
    rule: message.rule,
    title: message.title,
    project: message.about?.project ?? null,
    at: message.at,
    since: message.since,
    observed: { value: message.value, unit: words?.unit ?? null, detail: message.detail },
    why: words?.why ?? '',
    action: words?.action ?? '',
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

function bodyOf(message: Message): string[] {
  const { kind, detail, at } = message
  const words = wordsOf(message)
  const seen = `${detail} (${at})`
  return words && kind === 'firing' ? [seen, words.why, words.action] : [seen]
}

const wordsOf = ({ about, rule }: Message): Omit<About, 'project'> | undefined => about ?? findRule(rule)

const linkOf = (message: Message): string =>
  env().NEXTAUTH_URL + (wordsOf(message)?.page ?? '/recovery/alerts')

const escapeSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
