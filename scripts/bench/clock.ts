/** Does something, and says how many milliseconds it took. */
export async function clock<T>(work: () => Promise<T>): Promise<[number, T]> {
  const start = performance.now()
  const result = await work()
  return [performance.now() - start, result]
}

/** Does something, and prints how long it took. */
export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const [ms, result] = await clock(work)
  console.log(`${what} in ${(ms / 1000).toFixed(1)} s`)
  return result
}
