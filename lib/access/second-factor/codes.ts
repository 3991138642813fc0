import { Secret, TOTP } from 'otpauth'
import { takeTotpStep } from '@/db/queries/access/second-factor'
import { signInLimiter } from '@/lib/access/limits'
import { askOrRecall } from '@/lib/access/record/recall'
import { unseal } from '@/lib/access/second-factor/seal'
import { Problem } from '@/lib/http/problem'
import { singleton } from '@/lib/singleton'

/** Codes of six digits that change every 30 s: https://www.rfc-editor.org/rfc/rfc6238, with what all apps read. */
const STEP_SECONDS = 30
/** The code before and the one after are good, too: clocks differ. */
const WINDOW = 1
/** Wrong codes that an account may be sent for one purpose, from anywhere: whoever sends them knows the password already. */
const WRONG_AT_ONCE = 10
const WRONG_PER_SECOND = 1 / 60

interface Holder {
  id: string
  /** Sealed; null for who has no second factor. */
  totpSecret: string | null
}

const totp = (secret: string, label?: string) =>
  new TOTP({ issuer: 'Holdfast', label, secret, period: STEP_SECONDS })

/** A new secret, 160 random bits in base 32. */
export const makeSecret = (): string => new Secret({ size: 20 }).base32

/** What an app reads from a QR code. https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export const uriOf = (secret: string, email: string): string => totp(secret, email).toString()

/** The step of time that a code is of; null for a wrong one. */
export function stepOf(secret: string, code: string, now = Date.now()): number | null {
  const token = code.replace(/\s/g, '')
  // The library throws at what is no digit.
  if (!/^\d{6}$/.test(token)) return null
  const delta = totp(secret).validate({ token, timestamp: now, window: WINDOW })
  return delta === null ? null : Math.floor(now / 1_000 / STEP_SECONDS) + delta
}

/** What the secret of an account is sealed about. */
export const aboutFactor = (accountId: string): string => `totp ${accountId}`

/**
 * Whoever gave the right password of an account proves that they have its second factor, if it has one. A code is good once.
 *
 * @throws Problem 422 when a code is wanted, 403 for a wrong one, 429 after ten wrong ones, 503 for one that cannot be checked
 */
export async function proveFactor(
  { id, totpSecret }: Holder,
  code: string | undefined,
  purpose: string,
): Promise<void> {
  if (totpSecret === null) return
  if (!code) throw aboutCode(422, 'Give the code of your second factor')
  const secret = unseal(totpSecret, aboutFactor(id))
  // The session secret is another than when it was sealed.
  if (secret === null)
    throw new Problem(503, 'The second factor cannot be checked: an admin has to remove it.')
  const bucket = `code ${purpose} ${id}`
  const wait = signInLimiter().take(bucket, WRONG_PER_SECOND, WRONG_AT_ONCE)
  if (wait > 0) throw new Problem(429, 'Too many wrong codes.', { retryAfter: wait })
  const step = stepOf(secret, code)
  if (step === null) throw aboutCode(403, 'This is not the code that your app shows')
  if (!(await take(id, step))) throw aboutCode(403, 'This code was used already: wait for the next one')
  signInLimiter().giveBack(bucket)
}

/** Uses a step up: in this process, and for all of them when a database can be asked. */
async function take(id: string, step: number): Promise<boolean> {
  const used = singleton('access.codes', () => new Map<string, number>())
  if (step <= (used.get(id) ?? 0)) return false
  used.set(id, step)
  return askOrRecall(
    (db) => takeTotpStep(db, id, step),
    () => true,
  )
}

export const aboutCode = (status: number, message: string): Problem =>
  new Problem(status, message, { errors: [{ path: 'code', message }] })
