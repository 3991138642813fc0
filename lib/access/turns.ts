/**
 * So many works at once. Whoever has to wait takes turns by name, so that one who asks a thousand times delays another by one
 * work at the most.
 */
export class Turns {
  private running = 0
  private readonly waiting = new Map<string, (() => void)[]>()

  private waits = 0

  /** @param eachWaits how many works of one name may wait @param allWait and of all names */
  constructor(
    private readonly atOnce: number,
    private readonly eachWaits: number,
    private readonly allWait: number,
  ) {}

  /** Runs a work when its turn has come; null if too many wait already. */
  async take<T>(name: string, work: () => Promise<T>): Promise<T | null> {
    if (this.running < this.atOnce) this.running += 1
    else {
      const line = this.waiting.get(name) ?? []
      if (line.length >= this.eachWaits || this.waits >= this.allWait) return null
      this.waits += 1
      this.waiting.set(name, line)
      await new Promise<void>((resolve) => line.push(resolve))
    }
    try {
      return await work()
    } finally {
      this.passOn()
    }
  }

  /** The place of a work that has ended goes to the name that has waited longest for one; that name is last then. */
  private passOn(): void {
    const [first] = this.waiting
    if (!first) {
      this.running -= 1
      return
    }
    const [name, line] = first
    const next = line.shift()
    this.waits -= 1
    this.waiting.delete(name)
    if (line.length > 0) this.waiting.set(name, line)
    next?.()
  }
}
