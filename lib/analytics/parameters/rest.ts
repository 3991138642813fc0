/** The row of a breakdown for all values that have none of their own, with which its rows add up. */

type Counts<Name extends string> = Record<Name, number>

/** Times of the rest: percentiles do not follow from those of other values. */
export const UNMEASURED = { p50: null, p90: null }

/** Each of these counts over all rows. */
export const addUp = <const Name extends string>(rows: NoInfer<Counts<Name>>[], names: readonly Name[]) =>
  countEach(names, (name) => rows.reduce((sum, row) => sum + row[name], 0))

/** What rows leave of a total. Exact, since no record has two values, and a run or pass has that of its first record. */
export const leftOf = <const Name extends string>(
  total: NoInfer<Counts<Name>>,
  rows: NoInfer<Counts<Name>>[],
  names: readonly Name[],
) => countEach(names, (name) => rows.reduce((left, row) => left - row[name], total[name]))

const countEach = <Name extends string>(names: readonly Name[], count: (name: Name) => number) =>
  Object.fromEntries(names.map((name) => [name, count(name)])) as Counts<Name>

/** The rows and, unless every count of what is left is 0, the rest. @param toRow its numbers, from the counts */
export function withRest<Row, Left extends Counts<string>, Rest>(
  rows: Row[],
  left: Left,
  toRow: (left: Left) => Rest,
) {
  const isNothing = Object.values(left).every((count) => count === 0)
  return isNothing ? rows : [...rows, { value: null, rest: true as const, ...toRow(left) }]
}
