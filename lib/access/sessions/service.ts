import { setTimeout as sleep } from 'node:timers/promises'
import { insertEndedSession, raiseSessionVersion } from '@/db/queries/access/sessions'
import { BREAK_GLASS } from '@/lib/access/accounts'
import type { AccountCaller } from '@/lib/access/caller'
import { keepRecordSoon } from '@/lib/access/record/keep'
import type { endSessions } from '@/lib/access/sessions/contract'
import { type Claims, forgetStanding, LIFE_MS } from '@/lib/access/sessions/standing'
import { leader } from '@/lib/database'
import type { OutputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'
import { log } from '@/lib/log'

const AGAIN_MS = 5_000

/** Ends all sessions of whoever asks. @throws Problem 409 for break-glass, 503 while no database answers */
export async function endAll(
  _input: object,
  { account: { id } }: AccountCaller,
): Promise<OutputOf<typeof endSessions>> {
  if (id === BREAK_GLASS) throw new Problem(409, 'This is no account: its sign-in ends within the hour.')
  await raiseSessionVersion(leader(), id)
  forgetStanding(id)
  keepRecordSoon()
  return { ended: true }
}

/** Ends one session: at once for this process, for all when the database has it, which is tried until it does. */
export async function endOne({ id, sessionId }: Pick<Claims, 'id' | 'sessionId'>): Promise<void> {
  forgetStanding(id, sessionId)
  if (id === BREAK_GLASS || !sessionId) return
  try {
    await insertEndedSession(leader(), { id: sessionId, userId: id }, new Date(Date.now() - LIFE_MS))
    keepRecordSoon()
  } catch (error) {
    log('warn', 'a sign-out is not in the database yet', { error })
    void sleep(AGAIN_MS, undefined, { ref: false }).then(() => endOne({ id, sessionId }))
  }
}
