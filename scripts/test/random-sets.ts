import fc from 'fast-check'
import type { Db } from '@/db/connect'
import { rollUp } from '@/scripts/test/roll-up'

const all = process.env.HOLDFAST_RANDOM_SETS === 'all'

/** What fast-check begins with: always the same in the gate, which judges the commit; anything in `npm run test:properties`. */
export const seed = all ? undefined : 1
/** How many of so many sets are tried: all in `npm run test:properties`, a fifth in the gate. */
export const sets = (count: number): number => (all ? count : Math.ceil(count / 5))

/** As many data sets go through a test side by side: rolling up costs as much as all else that one does. */
const TOGETHER = 10

type Arbitraries<Set extends unknown[]> = { [Index in keyof Set]: fc.Arbitrary<Set[Index]> }

/**
 * Tries `work` on so many random data sets, a multiple of 10, or a part of them in the gate, each of which needs a project of its own.
 *
 * @param work is given what rolls up all that was recorded until then, once for those that go side by side; each of them
 *   may call it once
 * @throws what fast-check says of a set that failed, beside others made as small as can be
 */
export async function onRandomSets<Set extends unknown[]>(
  count: number,
  db: Db,
  arbitraries: Arbitraries<Set>,
  work: (rolledUp: () => Promise<void>, ...set: Set) => Promise<void>,
): Promise<void> {
  const set = fc.tuple(...arbitraries) as unknown as fc.Arbitrary<Set>
  await fc.assert(
    fc.asyncProperty(fc.array(set, { minLength: TOGETHER, maxLength: TOGETHER }), async (sets) => {
      const turns = sets.map(makeTurn)
      let rolling: Promise<void> | undefined
      const rollUpOnce = () => {
        rolling ??= Promise.all(turns.map(({ over }) => over)).then(() => rollUp(db))
        return rolling
      }
      const ended = await Promise.allSettled(
        sets.map((set, index) => {
          const { end } = turns[index] as Turn
          const rolledUp = () => {
            end()
            return rollUpOnce()
          }
          return work(rolledUp, ...set).finally(end)
        }),
      )
      const failed = ended.find((one) => one.status === 'rejected')
      if (failed) throw failed.reason
    }),
    { numRuns: Math.ceil(sets(count) / TOGETHER), seed },
  )
}

/** Over when a set has recorded what is to be rolled up, or has ended without. */
interface Turn {
  over: Promise<void>
  end(): void
}

function makeTurn(): Turn {
  let end = () => {}
  const over = new Promise<void>((resolve) => {
    end = resolve
  })
  return { over, end }
}
