import { singleton } from '@/lib/singleton'

interface Bucket {
  tokens: number
  at: number
}

/**
 * Token buckets by name, in this process's memory. Each fills at `perSecond` up to `burst`.
 */
export class Limiter {
  private readonly buckets = new Map<string, Bucket>()

  /** @param capacity buckets kept at the most; the one used longest ago goes first */
  constructor(private readonly capacity = 10_000) {}

  /** Takes one token. Returns 0, or the seconds until there is one. */
  take(name: string, perSecond: number, burst: number, now = performance.now()): number {
    const bucket = this.filled(name, perSecond, burst, now)
    if (bucket.tokens < 1) return (1 - bucket.tokens) / perSecond
    bucket.tokens -= 1
    return 0
  }

  /** The seconds until there is a token, taking none; whoever only asks pushes nobody out. */
  wait(name: string, perSecond: number, burst: number, now = performance.now()): number {
    if (!this.buckets.has(name)) return 0
    return Math.max(0, (1 - this.filled(name, perSecond, burst, now).tokens) / perSecond)
  }

  /** Gives back a token that was taken in vain. */
  giveBack(name: string): void {
    const bucket = this.buckets.get(name)
    if (bucket) bucket.tokens += 1
  }

  private filled(name: string, perSecond: number, burst: number, now: number): Bucket {
    const bucket = this.buckets.get(name) ?? { tokens: burst, at: now }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond)
    bucket.at = now
    this.buckets.delete(name)
    this.buckets.set(name, bucket)
    if (this.buckets.size > this.capacity) this.buckets.delete(this.buckets.keys().next().value as string)
    return bucket
  }
}

export const keyLimiter = (): Limiter => singleton('limiter.keys', () => new Limiter())
export const signInLimiter = (): Limiter => singleton('limiter.sign-in', () => new Limiter(100_000))
