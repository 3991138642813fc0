import { z } from 'zod'
import { env, type MemberAddress } from '@/lib/env'
import { within } from '@/lib/in-time'

/** What Patroni's REST API tells of a member; fields that only some versions have are optional. */
const memberStatus = z.object({
  state: z.string(),
  role: z.string(),
  timeline: z.number().int().optional(),
  server_version: z.number().int().optional(),
  xlog: z
    .object({
      location: z.number().optional(),
      received_location: z.number().optional(),
      replayed_location: z.number().optional(),
      paused: z.boolean().optional(),
    })
    .optional(),
  sync_standby: z.boolean().optional(),
  pause: z.boolean().optional(),
  pending_restart: z.boolean().optional(),
  /** Seconds since 1970 at which the agent last reached the store that decides who leads. */
  dcs_last_seen: z.number().optional(),
  cluster_unlocked: z.boolean().optional(),
  database_system_identifier: z.string().optional(),
  tags: z.record(z.string(), z.unknown()).optional(),
  patroni: z.object({ scope: z.string().optional(), version: z.string().optional() }).optional(),
})
export type MemberStatus = z.infer<typeof memberStatus>

/** Timeline, LSN as a number, reason, time, new leader: the older entries have fewer. */
const history = z.array(
  z
    .tuple([z.number().int(), z.number(), z.string()])
    .rest(z.string())
    .or(z.tuple([z.number().int(), z.number(), z.string()])),
)

const cluster = z.object({
  members: z.array(z.object({ name: z.string(), role: z.string() })).default([]),
  pause: z.boolean().optional(),
  scheduled_switchover: z
    .object({ at: z.string(), from: z.string().optional(), to: z.string().optional() })
    .optional(),
})
export type ClusterStatus = z.infer<typeof cluster>

const config = z.object({
  ttl: z.number().default(30),
  maximum_lag_on_failover: z.number().default(1_048_576),
  synchronous_mode: z.union([z.boolean(), z.string()]).default(false),
})
export type ClusterConfig = z.infer<typeof config>

const LEADING = ['leader', 'master', 'primary', 'standby_leader']

/** Whether a role is the leader's, in the words of any version. */
export const isLeading = (role: string): boolean => LEADING.includes(role)

/** What an order came to. `unknown` is an order that may still be carried out: go on watching. */
export interface OrderAnswer {
  outcome: 'done' | 'scheduled' | 'refused' | 'unknown'
  status: number | null
  /** The engine's own words. */
  message: string
}

const TIMEOUT_MS = 2_000
/** An order is answered when it is carried out, which takes Patroni up to twice its loop's wait, of 10 s by default. */
const ORDER_TIMEOUT_MS = 60_000

/** A member's own account of itself, or null when its API does not answer within 2 s. */
export async function readMember(member: MemberAddress): Promise<MemberStatus | null> {
  return get(member, '/patroni', memberStatus)
}

/** The timelines so far, from the first member that answers. */
export const readHistory = async (members: MemberAddress[]) =>
  (await first(members, '/history', history)) ?? []

/** The cluster as its agents see it; null if none answers. */
export const readCluster = (members: MemberAddress[]) => first(members, '/cluster', cluster)

/** The engine's settings; null if no member answers. */
export const readConfig = (members: MemberAddress[]) => first(members, '/config', config)

/** Moves the leader from one that is alive, or plans to at a time. Nothing is lost, or it does not happen. */
export const orderSwitchover = (
  through: MemberAddress,
  order: { leader: string; candidate: string; scheduled_at?: string },
) => send(through, 'POST', '/switchover', order)

/** Promotes a member in place of a leader that is lost. The leader is named, so that it is still the one that was meant. */
export const orderFailover = (through: MemberAddress, order: { leader?: string; candidate: string }) =>
  send(through, 'POST', '/failover', order)

/** Cancels a switchover that was planned for later. */
export const cancelSwitchover = (through: MemberAddress) => send(through, 'DELETE', '/switchover')

/** Makes a member anew from the leader. */
export const orderReinitialize = (member: MemberAddress) =>
  send(member, 'POST', '/reinitialize', { force: true })

/** Puts restored data in the leader's place: an order of the local engine alone, others answer 404 or 501. */
export const orderRestore = (leader: MemberAddress, folder: string) =>
  send(leader, 'POST', '/restore', { leader: leader.name, folder })

/** Keeps the engine from acting by itself, or lets it again. */
export const orderPause = (through: MemberAddress, paused: boolean) =>
  send(through, 'PATCH', '/config', { pause: paused || null })

/** What the first member says that answers at all; null if none does. */
async function first<T>(members: MemberAddress[], path: string, schema: z.ZodType<T>): Promise<T | null> {
  const asked = members.map(async (member) => {
    const answer = await get(member, path, schema)
    if (answer === null) throw new Error(`${member.name} does not answer`)
    return answer
  })
  return Promise.any(asked).catch(() => null)
}

async function get<T>(member: MemberAddress, path: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return await within(TIMEOUT_MS, async (signal) => {
      const response = await fetch(urlOf(member, path), { signal, cache: 'no-store' })
      return schema.parse(await response.json())
    })
  } catch {
    // A member that does not answer, or not in Patroni's words, is unreachable: the caller says so.
    return null
  }
}

/** The status codes are Patroni's: 503 is a failure, or one that is still on its way. */
async function send(
  member: MemberAddress,
  method: string,
  path: string,
  body?: object,
): Promise<OrderAnswer> {
  const auth = env().HOLDFAST_ENGINE_AUTH
  try {
    const response = await fetch(urlOf(member, path), {
      method,
      signal: AbortSignal.timeout(ORDER_TIMEOUT_MS),
      cache: 'no-store',
      headers: {
        'content-type': 'application/json',
        ...(auth && { authorization: `Basic ${Buffer.from(auth).toString('base64')}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const message = (await response.text()).trim().slice(0, 500)
    const { status } = response
    if (status === 202) return { outcome: 'scheduled', status, message }
    if (response.ok) return { outcome: 'done', status, message }
    return { outcome: status >= 500 ? 'unknown' : 'refused', status, message }
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string } }
    // Nobody listened: nothing was ordered. Else the order may have arrived.
    const refused = cause?.code === 'ECONNREFUSED'
    return { outcome: refused ? 'refused' : 'unknown', status: null, message: cause?.code ?? message }
  }
}

const urlOf = ({ host, restPort, tls }: MemberAddress, path: string): string =>
  `${tls ? 'https' : 'http'}://${host}:${restPort}${path}`
