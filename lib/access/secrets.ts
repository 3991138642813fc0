import { createHash, randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

/** A password of 20 characters, 120 random bits. */
export const makePassword = (): string => randomBytes(15).toString('base64url')

/** argon2id with the library's defaults, which are OWASP's: 19 MiB, 2 passes. */
export const hashPassword = (password: string): Promise<string> => hash(password)

let unknown: Promise<string> | undefined

/** Whether the password is the one hashed. An account that does not exist (null) takes as long to refuse. */
export async function checkPassword(hashed: string | null, password: string): Promise<boolean> {
  unknown ??= hashPassword(makePassword())
  const right = await verify(hashed ?? (await unknown), password)
  return hashed !== null && right
}

/** A key such as `wk_…` or `sk_…` with 192 random bits. */
export const makeKey = (kind: 'write' | 'secret'): string =>
  `${kind === 'write' ? 'wk' : 'sk'}_${randomBytes(24).toString('base64url')}`

/** SHA-256, in hex: what is stored of a key. */
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex')
