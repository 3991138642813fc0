import { insertEndedSession, raiseSessionVersion } from '@/db/queries/access/sessions'
import type { AccountCaller } from '@/lib/access/caller'
import { keepRecordSoon } from '@/lib/access/record/keep'
import { isUnavailable } from '@/lib/access/record/recall'
import type { endSessions } from '@/lib/access/sessions/contract'
import { type Claims, forgetStanding, LIFE_MS } from '@/lib/access/sessions/standing'
import { BREAK_GLASS } from '@/lib/access/sign-in'
import { leader } from '@/lib/database'
import type { OutputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'
import { inTime } from '@/lib/in-time'
import { log } from '@/lib/log'
import { singleton } from '@/lib/singleton'

const AGAIN_MS = 5_000
/** A database that hangs holds up no sign-out. */
const PATIENCE_MS = 2_000

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
  if (!sessionId) return
  forgetStanding(id, sessionId)
  if (id === BREAK_GLASS) return
  unsaved().set(sessionId, id)
  await inTime(PATIENCE_MS, save)
}

/** Sessions that ended here, and their accounts, which the database has to be told of. */
const unsaved = () => singleton('sessions.unsaved', () => new Map<string, string>())

async function save(): Promise<void> {
  for (const [sessionId, userId] of unsaved()) {
    try {
      await insertEndedSession(leader(), { id: sessionId, userId }, new Date(Date.now() - LIFE_MS))
    } catch (error) {
      log('warn', 'a sign-out is not in the database', { error })
      if (isUnavailable(error)) {
        again()
        return
      }
      // Its account is gone, and all its sessions with it.
    }
    unsaved().delete(sessionId)
  }
  keepRecordSoon()
}

/** One attempt is ahead at the most, however many sign out. */
function again(): void {
  const waiting = singleton('sessions.again', () => ({ timer: undefined as NodeJS.Timeout | undefined }))
  clearTimeout(waiting.timer)
  waiting.timer = setTimeout(() => void save(), AGAIN_MS).unref()
}
