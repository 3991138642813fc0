import { setTimeout as sleep } from 'node:timers/promises'
import { signInLimiter } from '@/lib/access/limits'
import { Problem } from '@/lib/http/problem'

/** Wrong passwords: so many at once, and so many a second after that. */
interface Rate {
  name: string
  perSecond: number
  burst: number
}

/** Of any accounts, from one address: an office may have one for all. */
const ofAddress = (address: string): Rate => ({ name: `address ${address}`, perSecond: 1, burst: 50 })
/** Of one account, from one address. */
const ofBoth = (address: string, account: string): Rate => ({
  name: `both ${address} ${account}`,
  perSecond: 1 / 30,
  burst: 10,
})
/** Of one account, from anywhere: past it answers are slower. Nobody is refused for what others do elsewhere. */
const ofAccount = (account: string): Rate => ({ name: `account ${account}`, perSecond: 1 / 60, burst: 20 })
export const SLOWER_MS = 1_000

/**
 * Checks a password within limits. An attempt counts before it is known whether it is wrong, so that those made at the same
 * time count, too; one that is right, or that nobody could check, is given back.
 *
 * @throws Problem 429 for this account from this address, or all from this address
 */
export async function attempt<T>(
  account: string,
  address: string,
  check: () => Promise<{ answer: T; wrong: boolean }>,
): Promise<T> {
  const limiter = signInLimiter()
  const limits = [ofAddress(address), ofBoth(address, account)]
  for (const { name, perSecond, burst } of limits) {
    const wait = limiter.wait(name, perSecond, burst)
    if (wait > 0) throw new Problem(429, 'Too many attempts to sign in.', { retryAfter: wait })
  }
  const anywhere = ofAccount(account)
  const taken = [...limits, anywhere].filter(
    ({ name, perSecond, burst }) => limiter.take(name, perSecond, burst) === 0,
  )
  let wrong = false
  try {
    if (!taken.includes(anywhere)) await sleep(SLOWER_MS)
    const checked = await check()
    wrong = checked.wrong
    return checked.answer
  } finally {
    if (!wrong) for (const { name } of taken) limiter.giveBack(name)
  }
}
