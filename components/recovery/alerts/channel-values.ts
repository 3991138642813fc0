import type { InputOf } from '@/lib/http/client'
import type { Channel, saveChannel } from '@/lib/recovery/alerts/channels/contract'

/** What the form of a channel holds, whatever its kind. */
export interface ChannelValues {
  kind: Channel['kind']
  name: string
  enabled: boolean
  tells: Channel['tells']
  url: string
  secret: string
  host: string
  port: number | string
  tls: boolean
  user: string
  password: string
  from: string
  to: string[]
}

/** A channel as its form shows it: addresses and secrets are never told, so their fields are empty. */
export const valuesOf = (channel: Channel | undefined): ChannelValues => ({
  kind: channel?.kind ?? 'webhook',
  name: channel?.name ?? '',
  enabled: channel?.enabled ?? true,
  tells: channel?.tells ?? ['cluster', 'metrics'],
  url: '',
  secret: '',
  host: channel?.email?.host ?? '',
  port: channel?.email?.port ?? 587,
  tls: channel?.email?.tls ?? false,
  user: channel?.email?.user ?? '',
  password: '',
  from: channel?.email?.from ?? '',
  to: channel?.email?.to ?? [],
})

/** What was typed, as the API wants it; what was left empty is left out. */
export function targetOf(values: ChannelValues): InputOf<typeof saveChannel>['target'] {
  const { kind, url, secret, host, port, tls, user, password, from, to } = values
  const given = <T extends Record<string, string>>(fields: T): Partial<T> =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')) as Partial<T>
  if (kind === 'webhook') return { kind, ...given({ url, secret }) }
  if (kind === 'slack') return { kind, ...given({ url }) }
  return { kind, host, port: Number(port), tls, from, to, ...given({ user, password }) }
}
