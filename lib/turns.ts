interface Bounds {
  /** How many works run at once, */
  atOnce: number
  /** of one name; all of them, if left out. */
  eachAtOnce?: number
  /** How many works may wait of one name, */
  eachWaits: number
  /** and of all names. */
  allWait: number
}

/**
 * So many works at once. Whoever has to wait takes turns by name, so that one who asks a thousand times delays another by one
 * work at the most, and by none where a name may not have all places.
 */
export class Turns {
  private running = 0
  private readonly own = new Map<string, number>()
  private waits = 0
  private readonly waiting = new Map<string, Set<() => void>>()

  constructor(private readonly bounds: Bounds) {}

  /**
   * Runs a work when its turn has come; null if too many wait already, or if that is enough before.
   *
   * @param enough is asked for where it has to wait
   */
  async take<T>(name: string, work: () => Promise<T>, enough?: () => AbortSignal): Promise<T | null> {
    if (this.mayRun(name)) this.begin(name)
    else if (!(await this.wait(name, enough?.()))) return null
    try {
      return await work()
    } finally {
      this.end(name)
    }
  }

  private mayRun(name: string): boolean {
    const { atOnce, eachAtOnce = atOnce } = this.bounds
    return this.running < atOnce && (this.own.get(name) ?? 0) < eachAtOnce
  }

  private begin(name: string): void {
    this.running += 1
    this.own.set(name, (this.own.get(name) ?? 0) + 1)
  }

  /** Whether the turn came: the work has begun then. */
  private wait(name: string, enough?: AbortSignal): Promise<boolean> {
    const line = this.waiting.get(name) ?? new Set()
    if (enough?.aborted || line.size >= this.bounds.eachWaits || this.waits >= this.bounds.allWait)
      return Promise.resolve(false)
    return new Promise((resolve) => {
      const leave = (came: boolean) => {
        enough?.removeEventListener('abort', giveUp)
        line.delete(come)
        if (line.size === 0) this.waiting.delete(name)
        this.waits -= 1
        resolve(came)
      }
      const come = () => leave(true)
      const giveUp = () => leave(false)
      this.waits += 1
      line.add(come)
      this.waiting.set(name, line)
      enough?.addEventListener('abort', giveUp)
    })
  }

  /** The place of a work that has ended goes to the name that has waited longest for one; that name is last then. */
  private end(name: string): void {
    this.running -= 1
    const left = (this.own.get(name) ?? 1) - 1
    if (left > 0) this.own.set(name, left)
    else this.own.delete(name)
    const [next, line] = [...this.waiting].find(([one]) => this.mayRun(one)) ?? []
    if (next === undefined || !line) return
    const [come] = line
    this.begin(next)
    come?.()
    if (line.size === 0) return
    this.waiting.delete(next)
    this.waiting.set(next, line)
  }
}
