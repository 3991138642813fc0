import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BinaryRow, copyOut } from '@/db/copy-out'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

/** Some megabytes, of which each row holds its number. */
const many = sql`select n, repeat('x', 1000) from generate_series(1, 20000) n`

async function all(rows: AsyncIterable<BinaryRow[]>): Promise<BinaryRow[]> {
  const read: BinaryRow[] = []
  for await (const some of rows) read.push(...some)
  return read
}

it('gives each column as PostgreSQL sends it in binary, and nothing for null', async () => {
  const rows = await test.connection.db.transaction((tx) =>
    all(
      copyOut(
        tx,
        sql`select ${7}::int, ${"it's \\ 'quoted'"}::text, null::text, ''::text union all select -1, 'b', 'c', 'd'`,
      ),
    ),
  )
  expect(rows.map(([n, ...text]) => [n?.readInt32BE(), ...text.map((one) => one && String(one))])).toEqual([
    [7, "it's \\ 'quoted'", null, ''],
    [-1, 'b', 'c', 'd'],
  ])
})

it('gives nothing of a query without rows', async () => {
  expect(await test.connection.db.transaction((tx) => all(copyOut(tx, sql`select 1 where false`)))).toEqual(
    [],
  )
})

it('gives all rows, in order, and leaves the connection to what follows', async () => {
  await test.connection.db.transaction(async (tx) => {
    for (let round = 0; round < 20; round++) {
      const rows = await all(copyOut(tx, many))
      expect(rows.length).toBe(20_000)
      expect(rows.every(([n], index) => n?.readInt32BE() === index + 1)).toBe(true)
      expect([...(await tx.execute(sql`select 1 as one`))]).toEqual([{ one: 1 }])
    }
  })
})

it('leaves the connection to what follows for whoever has enough', async () => {
  await test.connection.db.transaction(async (tx) => {
    for await (const rows of copyOut(tx, many)) {
      expect(rows.length).toBeGreaterThan(0)
      break
    }
    expect([...(await tx.execute(sql`select 1 as one`))]).toEqual([{ one: 1 }])
  })
})

it('throws what the query throws, before its first row and in the midst of them', async () => {
  const { db } = test.connection
  for (const query of [
    sql`select nothing`,
    sql`select 1 / (n - 1) from generate_series(1, 3) n`,
    sql`select 1 / (n - 20000), repeat('x', 1000) from generate_series(1, 30000) n`,
  ]) {
    await expect(db.transaction((tx) => all(copyOut(tx, query)))).rejects.toMatchObject({
      code: expect.stringMatching(/^(42703|22012)$/),
    })
    expect([...(await db.execute(sql`select 1 as one`))]).toEqual([{ one: 1 }])
  }
})
