import { z } from 'zod'
import type { MemberAddress } from '@/lib/env'

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
  database_system_identifier: z.string().optional(),
  patroni: z.object({ scope: z.string().optional() }).optional(),
})
export type MemberStatus = z.infer<typeof memberStatus>

/** Timeline, LSN as a number, reason, time, new leader: the older entries have fewer. */
const history = z.array(
  z
    .tuple([z.number().int(), z.number(), z.string()])
    .rest(z.string())
    .or(z.tuple([z.number().int(), z.number(), z.string()])),
)

const TIMEOUT_MS = 2_000

/** A member's own account of itself, or null when its API does not answer within 2 s. */
export async function readMember(member: MemberAddress): Promise<MemberStatus | null> {
  return get(member, '/patroni', memberStatus)
}

/** The timelines so far, from the first member that answers. */
export async function readHistory(members: MemberAddress[]) {
  for (const member of members) {
    const entries = await get(member, '/history', history)
    if (entries) return entries
  }
  return []
}

async function get<T>(member: MemberAddress, path: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    const response = await fetch(`http://${member.host}:${member.restPort}${path}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      cache: 'no-store',
    })
    return schema.parse(await response.json())
  } catch {
    // A member that does not answer, or not in Patroni's words, is unreachable: the caller says so.
    return null
  }
}
