import { createHash, randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { Problem } from '@/lib/http/problem'
import { singleton } from '@/lib/singleton'
import { Turns } from '@/lib/turns'

/** A password of 20 characters, 120 random bits. */
export const makePassword = (): string => randomBytes(15).toString('base64url')

/** argon2id with the library's defaults, which are OWASP's: 19 MiB, 2 passes. */
export const hashPassword = (password: string): Promise<string> => hash(password)

let unknown: Promise<string> | undefined

/** Each check takes 20 ms of a core and 19 MB. */
const turns = () =>
  singleton('access.passwords', () => new Turns({ atOnce: 2, eachWaits: 20, allWait: 1_000 }))

/**
 * Whether the password is the one hashed. An account that does not exist (null) takes as long to refuse.
 *
 * @param by whoever asks: of many they take turns
 * @throws Problem 429 when too many wait
 */
export async function checkPassword(hashed: string | null, password: string, by: string): Promise<boolean> {
  unknown ??= hashPassword(makePassword())
  const expected = hashed ?? (await unknown)
  const right = await turns().take(by, () => verify(expected, password))
  if (right === null) throw new Problem(429, 'Too many passwords are being checked.', { retryAfter: 1 })
  return hashed !== null && right
}

/** 192 random bits. */
export const makeToken = (): string => randomBytes(24).toString('base64url')

/** A key such as `wk_…` or `sk_…` with 192 random bits. */
export const makeKey = (kind: 'write' | 'secret'): string =>
  `${kind === 'write' ? 'wk' : 'sk'}_${makeToken()}`

/** SHA-256, in hex: what is stored of a key. */
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex')
