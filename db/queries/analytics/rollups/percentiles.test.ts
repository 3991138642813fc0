import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { seed } from '@/scripts/test/random-sets'
import { percentilesOf } from './percentiles'

/** Percentiles from lists against PostgreSQL's own over the numbers. */

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

interface List {
  target: string
  sign: 1 | -1
  numbers: number[]
}

const FRACTIONS = [0, 0.5, 0.9, 1]
const byNumber = (a: number, b: number) => a - b

async function compare(lists: List[]) {
  const given = JSON.stringify(
    lists.map(({ numbers, ...list }) => ({ ...list, list: [...numbers].sort(byNumber) })),
  )
  const query = sql`
    select target, sign::smallint, array(select value::bigint from jsonb_array_elements_text(list) value) as list
    from jsonb_to_recordset(${given}::text::jsonb) l (target text, sign int, list jsonb)`
  const { db } = test.connection
  const found = await db.execute(sql`
    with ${percentilesOf(query, FRACTIONS)}
    select target, fraction, value from percentiles order by target, fraction`)
  const kept = [...new Set(lists.map(({ target }) => target))].map((target) => ({
    target,
    numbers: remaining(lists.filter((list) => list.target === target)),
  }))
  const expected = await db.execute(sql`
    select target, fraction, percentile_cont(fraction) within group (order by value::text::bigint::float8) as value
    from jsonb_to_recordset(${JSON.stringify(kept)}::text::jsonb) k (target text, numbers jsonb),
      jsonb_array_elements(numbers) value,
      unnest(array[${sql.join(
        FRACTIONS.map((fraction) => sql`${fraction}::float8`),
        sql`, `,
      )}]) fraction
    group by target, fraction order by target, fraction`)
  expect([...found]).toEqual([...expected])
  return found
}

function remaining(lists: List[]): number[] {
  const left = lists.filter(({ sign }) => sign > 0).flatMap(({ numbers }) => numbers)
  for (const gone of lists.filter(({ sign }) => sign < 0).flatMap(({ numbers }) => numbers)) {
    left.splice(left.indexOf(gone), 1)
  }
  return left
}

/** A few values again and again, durations, and times of years. */
const number = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 60_000 }),
  fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
)
const numbers = fc.oneof(
  fc.array(number, { minLength: 1, maxLength: 4 }),
  fc.array(number, { minLength: 1, maxLength: 80, size: 'max' }),
  fc.array(fc.integer({ min: 500, max: 900 }), { minLength: 17, maxLength: 300, size: 'max' }),
)
/** Lists, and of some of their numbers that they are gone. */
const target = fc
  .array(fc.record({ numbers, gone: fc.option(fc.array(fc.nat(), { minLength: 1, maxLength: 40 })) }), {
    maxLength: 8,
  })
  .map((parts) =>
    parts.flatMap(({ numbers, gone }): Omit<List, 'target'>[] => {
      const places = new Set((gone ?? []).map((place) => place % numbers.length))
      const taken = [...places].map((place) => numbers[place] as number)
      const kept = { sign: 1 as const, numbers }
      return taken.length > 0 ? [kept, { sign: -1, numbers: taken }] : [kept]
    }),
  )

describe('percentiles from lists', () => {
  it('equal those of all their numbers on 300 random sets of lists', async () => {
    let removed = 0
    await fc.assert(
      fc.asyncProperty(fc.array(target, { maxLength: 5 }), async (targets) => {
        const lists = targets.flatMap((lists, index) =>
          lists.map((list) => ({ ...list, target: `t${index}` })),
        )
        removed += lists.filter(({ sign }) => sign < 0).length
        await compare(lists)
      }),
      { numRuns: 300, seed },
    )
    expect(removed).toBeGreaterThan(100)
  })

  it('equal them where lists are long, alike or unlike, and many', async () => {
    const random = fc.sample(fc.integer({ min: 0, max: 29_999 }), 24 * 2_048)
    const list = (index: number) => random.slice(index * 2_048, (index + 1) * 2_048)
    const alike = Array.from({ length: 12 }, (_, index) => ({
      target: 'alike',
      sign: 1 as const,
      numbers: list(index),
    }))
    const unlike = Array.from({ length: 12 }, (_, index) => ({
      target: 'unlike',
      sign: 1 as const,
      numbers: list(12 + index).map((value) => value * 10 ** (index % 3) + 10 ** ((index % 3) + 5)),
    }))
    const single = random.slice(0, 3_000).map((value) => ({
      target: 'single',
      sign: 1 as const,
      numbers: [value],
    }))
    const gone = { target: 'unlike', sign: -1 as const, numbers: unlike[4]?.numbers.slice(0, 700) ?? [] }
    expect(await compare([...alike, ...unlike, ...single, gone])).toHaveLength(12)
  })

  it('are of no target without numbers', async () => {
    expect(await compare([])).toHaveLength(0)
    const lists: List[] = [
      { target: 'gone', sign: 1, numbers: [5, 7] },
      { target: 'gone', sign: -1, numbers: [7] },
      { target: 'gone', sign: -1, numbers: [5] },
      { target: 'one', sign: 1, numbers: [Number.MAX_SAFE_INTEGER] },
    ]
    expect(await compare(lists)).toHaveLength(FRACTIONS.length)
  })
})
