import { setTotp } from '@/db/queries/access/second-factor'
import { findUser } from '@/db/queries/access/users'
import { audit } from '@/lib/access/audit/service'
import type { Account, AccountCaller } from '@/lib/access/caller'
import { keepRecordSoon } from '@/lib/access/record/keep'
import { aboutCode, aboutFactor, makeSecret, stepOf, uriOf } from '@/lib/access/second-factor/codes'
import type * as contract from '@/lib/access/second-factor/contract'
import { seal, unseal } from '@/lib/access/second-factor/seal'
import { prove } from '@/lib/access/sign-in'
import { leader } from '@/lib/database'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'

const TICKET_MS = 15 * 60_000

/** Whether whoever asks has a second factor. @throws Problem 409 for break-glass */
export async function readSecondFactor(
  _input: object,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.getSecondFactor>> {
  return { enabled: (await own(account)).totpSecret !== null }
}

/** What an app has to read. Nothing is kept before it shows the right code. @throws Problem 403, 409, 429 */
export async function offerSecondFactor(
  { password }: ParsedInputOf<typeof contract.beginSecondFactor>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.beginSecondFactor>> {
  await refuseSecond(account)
  await prove(account, { password })
  const secret = makeSecret()
  const ticket = seal(JSON.stringify({ secret, until: Date.now() + TICKET_MS }), aboutTicket(account))
  return { secret, uri: uriOf(secret, account.email), ticket }
}

/** Adds the second factor that a ticket is about. @throws Problem 403 for a wrong code, 409, 422 for a ticket that is too old */
export async function keepSecondFactor(
  { ticket, code }: ParsedInputOf<typeof contract.addSecondFactor>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.addSecondFactor>> {
  await refuseSecond(account)
  const { secret, until } = JSON.parse(unseal(ticket, aboutTicket(account)) ?? '{}')
  if (!secret || until < Date.now())
    throw new Problem(422, 'This took longer than 15 minutes: begin once more.')
  const step = stepOf(secret, code)
  if (step === null) throw aboutCode(403, 'This is not the code that your app shows')
  await change(account, 'factor.added', { secret: seal(secret, aboutFactor(account.id)), step })
  return { enabled: true }
}

/** Removes the second factor of whoever asks. @throws Problem 403, 409, 422, 429 */
export async function dropSecondFactor(
  proof: ParsedInputOf<typeof contract.removeSecondFactor>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.removeSecondFactor>> {
  await own(account)
  await prove(account, proof)
  await change(account, 'factor.removed', { secret: null })
  return { enabled: false }
}

async function change(
  { id, email }: Account,
  action: 'factor.added' | 'factor.removed',
  totp: Parameters<typeof setTotp>[2],
): Promise<void> {
  await leader().transaction(async (tx) => {
    await setTotp(tx, id, totp)
    await audit(tx, { actor: email, action, subject: email })
  })
  keepRecordSoon()
}

/** The account as the database has it. */
async function own({ email }: Account) {
  const user = await findUser(leader(), email)
  if (!user) throw new Problem(409, 'This is no account: it has no second factor.')
  return user
}

async function refuseSecond(account: Account): Promise<void> {
  if ((await own(account)).totpSecret !== null)
    throw new Problem(409, 'You have a second factor already: remove it first.')
}

const aboutTicket = ({ id }: Account): string => `ticket ${id}`
