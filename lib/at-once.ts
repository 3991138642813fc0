/**
 * Does a work for each item, so many at a time. The first that fails keeps others from being begun; those that were begun are
 * waited for, so that nothing goes on behind the caller's back.
 *
 * @throws what the first to fail has thrown
 */
export async function atOnce<T>(
  width: number,
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const next = items[Symbol.iterator]()
  const faults: unknown[] = []
  const worker = async () => {
    for (let item = next.next(); !item.done && faults.length === 0; item = next.next())
      await work(item.value).catch((error) => faults.push(error))
  }
  await Promise.all(Array.from({ length: width }, worker))
  if (faults.length > 0) throw faults[0]
}
