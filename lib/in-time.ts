/** A wait is made of so many, so that one in which this process stood still costs no more than its share. */
const PARTS = 4

/**
 * What is asked, if it comes within so many milliseconds in which this process ran. While it stands still itself, for a
 * long task or with its machine, it hears nobody: that alone makes no answer late.
 *
 * @param ask is given a signal that is aborted when it is late
 * @throws Error when it is late, and what `ask` throws
 */
export async function within<T>(ms: number, ask: (late: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const giveUp = () => {
      const error = new Error(`no answer within ${ms} ms`)
      controller.abort(error)
      reject(error)
    }
    const wait = (parts: number) => {
      // What has come meanwhile is read between the timers and what is immediate.
      timer = setTimeout(() => (parts > 1 ? wait(parts - 1) : setImmediate(giveUp)), ms / PARTS)
    }
    wait(PARTS)
  })
  const asked = (async () => ask(controller.signal))()
  asked.catch(() => {})
  return Promise.race([asked, late]).finally(() => clearTimeout(timer))
}

/** What is asked, or null if it fails or is late. @param ask may throw at once, too */
export const inTime = <T>(ms: number, ask: () => Promise<T>): Promise<T | null> =>
  within(ms, ask).catch(() => null)
