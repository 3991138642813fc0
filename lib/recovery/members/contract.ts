import { z } from 'zod'
import { endpoint } from '@/lib/http/endpoint'
import { guard, guardedAnswer } from '@/lib/recovery/guard/contract'

export const reinitializeMember = endpoint({
  id: 'reinitializeMember',
  method: 'POST',
  path: '/api/disaster-recovery/replication/members/{member}/reinitialize',
  access: 'operator',
  summary: 'Make a member anew from the leader; its data are deleted',
  description:
    'For a member that was fenced, or that cannot follow any more. Refused for the leader, for one that takes writes while nobody else does, and while an operation is under way.',
  input: z.strictObject({ member: z.string().min(1).max(100), ...guard }),
  output: guardedAnswer,
  status: 202,
})

export const fenceMember = endpoint({
  id: 'fenceMember',
  method: 'POST',
  path: '/api/disaster-recovery/replication/members/{member}/fence',
  access: 'operator',
  summary: 'Keep the wrong one of two members that take writes from acknowledging any more',
  description:
    'For a member whose agent died while its PostgreSQL goes on. It is done by SQL: no new transaction writes, no commit is acknowledged, and all connections are ended. Refused for the member that the engine says leads, and unless another one takes writes. The fence is lifted when it follows the leader again.',
  input: z.strictObject({ member: z.string().min(1).max(100), ...guard }),
  output: guardedAnswer,
})

export const pauseEngine = endpoint({
  id: 'pauseEngine',
  method: 'POST',
  path: '/api/disaster-recovery/replication/pause',
  access: 'operator',
  summary: 'Keep the engine from acting by itself, or let it again',
  description: 'While it is paused no member is promoted, started again or made anew but by an order.',
  input: z.strictObject({ paused: z.boolean(), ...guard }),
  output: guardedAnswer,
})
