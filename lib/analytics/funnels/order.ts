import type { Pace } from '@/lib/pace'

/** Numbers that are put in order at once. */
const LONG = 65_536

/** Sorts a part of an array, with pauses. */
export async function sortLong(values: Float64Array, from: number, to: number, pace: Pace): Promise<void> {
  if (to - from <= LONG) {
    values.subarray(from, to).sort()
    return pace.rest()
  }
  const middle = divide(values, from, to)
  await pace.rest()
  await sortLong(values, from, middle, pace)
  await sortLong(values, middle, to, pace)
}

/** Puts the number that belongs at a place there, none that is greater before it and none that is less after it. */
export async function select(
  values: Float64Array,
  place: number,
  from: number,
  to: number,
  pace: Pace,
): Promise<void> {
  let [first, end] = [from, to]
  while (end - first > 1) {
    const middle = divide(values, first, end)
    if (place < middle) end = middle
    else first = middle
    await pace.rest()
  }
}

/**
 * Divides at least two numbers: none of the first part is greater than any of the second, and neither is empty.
 *
 * @returns where the second part begins
 */
function divide(values: Float64Array, from: number, to: number): number {
  const pivot = pivotOf(values, from, to)
  let low = from - 1
  let high = to
  for (;;) {
    do low++
    while ((values[low] as number) < pivot)
    do high--
    while ((values[high] as number) > pivot)
    if (low >= high) return high + 1
    const value = values[low] as number
    values[low] = values[high] as number
    values[high] = value
  }
}

/** The middle one of three numbers, never the only greatest: from places of chance, so that no order makes it take long. */
function pivotOf(values: Float64Array, from: number, to: number): number {
  const third = Math.floor((to - from) / 3)
  const place = from + Math.floor(Math.random() * third)
  const [a, b, c] = [values[place], values[place + third], values[place + 2 * third]] as [
    number,
    number,
    number,
  ]
  return third === 0 ? a : Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
