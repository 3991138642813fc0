import { createHash, timingSafeEqual } from 'node:crypto'
import { findUser } from '@/db/queries/access/users'
import type { Account } from '@/lib/access/caller'
import { signInLimiter } from '@/lib/access/limits'
import { askOrRecall } from '@/lib/access/record/recall'
import { proveFactor } from '@/lib/access/second-factor/codes'
import { checkPassword } from '@/lib/access/secrets'
import { databaseAway, followLeader } from '@/lib/database'
import { env } from '@/lib/env'
import { Problem } from '@/lib/http/problem'
import { log } from '@/lib/log'

/** Who gave the right password, and what the session that begins with it has to agree with. */
type Known = Pick<Account, 'id' | 'email' | 'role'> & { sessionVersion: number }

type Stored = Known & { passwordHash: string | null; totpSecret: string | null }

/** What someone gives to be believed. */
export interface Proof {
  password: string
  /** Of their second factor. */
  code?: string
}

/** The account of HOLDFAST_BREAK_GLASS_PASSWORD: its id and its name. */
export const BREAK_GLASS = 'break-glass'

/** Such a sign-in outlasts the return of the database, so that the end of the work can be seen, but not for long. */
const BREAK_GLASS_MS = 3_600_000

/** Wrong passwords that a signed-in account may give at once, and the seconds after which it may give one more. */
const WRONG_AT_ONCE = 5
const SECONDS = 30

/**
 * The account with this name, password and, if it has a second factor, code; null for a wrong name or password. The database
 * knows, or the access record while it is away.
 *
 * @param by whoever asks, by their address or account
 * @param purpose what the code is for: wrong ones at the door keep nobody from what they do inside
 * @throws Problem 422 when the password is right and a code is wanted, 403 for a wrong one, 503 when neither can tell, 429 when
 *   too many ask
 */
export async function findAccount(
  name: string,
  { password, code }: Proof,
  by = name,
  purpose: 'sign-in' | 'proof' = 'sign-in',
): Promise<Known | null> {
  const email = name.trim().toLowerCase()
  if (email === BREAK_GLASS) return breakGlass(password)
  const user = email.includes('\0')
    ? null
    : await askOrRecall(
        async (db): Promise<Stored | null> => (await findUser(db, email)) ?? null,
        ({ users }) => users.find((one) => one.email === email) ?? null,
      )
  const right = await checkPassword(user?.passwordHash ?? null, password, by)
  if (!user || !right) return null
  await proveFactor(user, code, purpose)
  return pick(user)
}

const pick = ({ id, email, role, sessionVersion }: Known): Known => ({ id, email, role, sessionVersion })

/**
 * Whoever is signed in proves that it is still them: before what cannot be undone.
 *
 * @throws Problem 403 for a wrong password or code, 422 when a code is wanted, 429 after five wrong passwords, 503 when neither
 *   database nor record can tell
 */
export async function prove({ id, email }: Pick<Account, 'id' | 'email'>, proof: Proof): Promise<void> {
  const bucket = `verify ${email}`
  // Taken before the check, so that guesses at the same time count too.
  const wait = signInLimiter().take(bucket, 1 / SECONDS, WRONG_AT_ONCE)
  if (wait > 0) throw new Problem(429, 'Too many wrong passwords.', { retryAfter: wait })
  let wrong = false
  try {
    wrong = (await findAccount(email, proof, bucket, 'proof'))?.id !== id
    if (wrong) throw aboutPassword(403, 'This is not your password')
  } finally {
    if (!wrong) signInLimiter().giveBack(bucket)
  }
}

const aboutPassword = (status: number, message: string): Problem =>
  new Problem(status, message, { errors: [{ path: 'password', message }] })

/** A sign-in that is older than this has to be proved, in milliseconds. */
export const PROVED_MS = 5 * 60_000

/**
 * The same, where it is a while since they signed in.
 *
 * @throws Problem 422 when the password or a code is wanted, and as `prove` does
 */
export async function proveRecent(account: Account, { password, code }: Partial<Proof>): Promise<void> {
  if (password !== undefined) return prove(account, { password, code })
  if (account.authenticatedAt < Date.now() - PROVED_MS)
    throw aboutPassword(
      422,
      'Your sign-in is older than 5 minutes: give your password again, or sign out and in',
    )
}

/** Whether a session is over before its cookie is: one of break-glass lasts an hour. */
export const hasEnded = ({ id, authenticatedAt }: Pick<Account, 'id' | 'authenticatedAt'>): boolean =>
  id === BREAK_GLASS && authenticatedAt < Date.now() - BREAK_GLASS_MS

/** Only while no database answers, and not on the word of a last probe: it is asked again. */
async function breakGlass(password: string): Promise<Known | null> {
  const expected = env().HOLDFAST_BREAK_GLASS_PASSWORD
  if (expected === undefined) return null
  await followLeader()
  const open = databaseAway()
  const right = timingSafeEqual(digest(password), digest(expected))
  log('warn', 'break-glass was used', { accepted: open && right, reason: reason(open, right) })
  return open && right ? { id: BREAK_GLASS, email: BREAK_GLASS, role: 'operator', sessionVersion: 1 } : null
}

function reason(open: boolean, right: boolean): string {
  if (!open) return 'a database answers'
  return right ? 'no database answers' : 'the password is wrong'
}

/** Of one length, so that the comparison takes the same time for every password. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
