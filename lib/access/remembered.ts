import { isUnavailable } from '@/lib/access/record/recall'
import { inTime } from '@/lib/in-time'
import { log } from '@/lib/log'

/** An answer of this age is asked for anew behind the back of whoever uses it, in milliseconds. */
const RENEWED_MS = 2_500
/** One of this age is not used before it was asked for anew: what another process has changed is known by then. */
const FRESH_MS = 5_000
/** Unless that takes longer than this. */
const PATIENCE_MS = 500
/** One of this age is used only where nobody can say anything newer. */
const STALE_MS = 60_000

interface Entry<T> {
  value: T
  /** When it was asked for, by the clock that never jumps. */
  at: number
}

/**
 * What the database has answered, by name. What is in use is known anew before it gets old, so that nobody waits for a
 * database that is busy; those who ask for the same at the same time share one question; and what was known outlives the
 * database.
 */
export class Remembered<T> {
  private readonly entries = new Map<string, Entry<T>>()
  private readonly asked = new Map<string, Promise<T>>()

  /** @param isVain an answer that says nothing: it makes room first, and is not used when it is no longer fresh */
  constructor(
    private readonly ask: (name: string) => Promise<T>,
    private readonly isVain: (value: T) => boolean = () => false,
    private readonly capacity = 10_000,
  ) {}

  /** @throws what the question throws, where nothing was known before */
  async get(name: string): Promise<T> {
    const entry = this.entries.get(name)
    if (!entry) return this.renew(name)
    const age = performance.now() - entry.at
    if (age < RENEWED_MS) return entry.value
    const renewed = this.renew(name).then((value) => ({ value }))
    renewed.catch(() => {})
    if (age < FRESH_MS) return entry.value
    const told = age < STALE_MS ? await inTime(PATIENCE_MS, () => renewed) : await renewed.catch(() => null)
    return (told ?? entry).value
  }

  /** What is known without a question, if anything is. */
  peek(name: string): T | undefined {
    const entry = this.entries.get(name)
    if (!entry || !this.isVain(entry.value)) return entry?.value
    if (performance.now() - entry.at < FRESH_MS) return entry.value
    this.entries.delete(name)
    return undefined
  }

  isAsked(name: string): boolean {
    return this.asked.has(name)
  }

  /** To be called after a change: what is known, and what was asked before, no longer counts. */
  forget(name?: string): void {
    const names = name === undefined ? [...this.entries.keys(), ...this.asked.keys()] : [name]
    for (const one of names) {
      this.entries.delete(one)
      this.asked.delete(one)
    }
  }

  /** The same, but for what was known, which is still better than nothing. */
  expire(name: string): void {
    const entry = this.entries.get(name)
    this.forget(name)
    if (entry) this.entries.set(name, { ...entry, at: Number.NEGATIVE_INFINITY })
  }

  private renew(name: string): Promise<T> {
    const under = this.asked.get(name)
    if (under) return under
    const at = performance.now()
    const asking = this.ask(name)
    this.asked.set(name, asking)
    // One that was forgotten meanwhile counts no more.
    const isCurrent = () => this.asked.get(name) === asking && this.asked.delete(name)
    asking.then(
      (value) => {
        if (isCurrent()) this.keep(name, { value, at })
      },
      (error) => {
        if (isCurrent() && !isUnavailable(error)) log('error', 'asked in vain', { error })
      },
    )
    return asking
  }

  private keep(name: string, entry: Entry<T>): void {
    this.entries.delete(name)
    if (this.entries.size >= this.capacity) this.makeRoom()
    this.entries.set(name, entry)
  }

  private makeRoom(): void {
    let first: string | undefined
    for (const [name, { value }] of this.entries) {
      first ??= name
      if (!this.isVain(value)) continue
      first = name
      break
    }
    if (first !== undefined) this.entries.delete(first)
  }
}
