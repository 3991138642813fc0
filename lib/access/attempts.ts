import { setTimeout as sleep } from 'node:timers/promises'
import { signInLimiter } from '@/lib/access/limits'
import { Turns } from '@/lib/access/turns'
import { Problem } from '@/lib/http/problem'
import { singleton } from '@/lib/singleton'

/** Wrong passwords: so many at once, and so many a second after that. */
interface Rate {
  burst: number
  perSecond: number
}

/** Of one account, from one address. */
const OF_BOTH: Rate = { burst: 10, perSecond: 1 / 30 }
/** Of any accounts, from one address: an office may have one for all. */
const OF_ADDRESS: Rate = { burst: 50, perSecond: 1 }
/** Of one account, from anywhere: past it answers are slower. Nobody is refused for what others do elsewhere. */
const OF_ACCOUNT: Rate = { burst: 20, perSecond: 1 / 60 }
const SLOWER_MS = 1_000

/** Each check of a password takes 20 ms of a core and 19 MB. */
const AT_ONCE = 2
const EACH_WAITS = 20

const turns = () => singleton('sign-in.turns', () => new Turns(AT_ONCE, EACH_WAITS))

/**
 * Checks a password within limits. An attempt counts before it is known whether it is right, so that those made at the same
 * time count, too; one that is right, or that nobody could check, is given back.
 *
 * @throws Problem 429 for this account from this address, or all from this address
 */
export async function attempt<T>(
  account: string,
  address: string,
  check: () => Promise<T>,
  isRight: (answer: T) => boolean,
): Promise<T> {
  const limiter = signInLimiter()
  const both = `${address} ${account}`
  const wait = Math.max(
    limiter.wait(both, OF_BOTH.perSecond, OF_BOTH.burst),
    limiter.wait(address, OF_ADDRESS.perSecond, OF_ADDRESS.burst),
  )
  if (wait > 0) throw tooMany(wait)
  limiter.take(both, OF_BOTH.perSecond, OF_BOTH.burst)
  limiter.take(address, OF_ADDRESS.perSecond, OF_ADDRESS.burst)
  const isSlow = limiter.take(account, OF_ACCOUNT.perSecond, OF_ACCOUNT.burst) > 0
  const taken = isSlow ? [both, address] : [both, address, account]
  let wrong = false
  try {
    if (isSlow) await sleep(SLOWER_MS)
    const answer = await turns().take(address, check)
    if (answer === null) throw tooMany(1)
    wrong = !isRight(answer)
    return answer
  } finally {
    if (!wrong) for (const name of taken) limiter.giveBack(name)
  }
}

const tooMany = (retryAfter: number): Problem =>
  new Problem(429, 'Too many attempts to sign in.', { retryAfter })
