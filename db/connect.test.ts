import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Connection, connect } from '@/db/connect'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

/** What the driver does only with our patch of it: as it comes, these end the process, wait for ever, or write. */

let test: TestDatabase
let one: Connection
beforeAll(async () => {
  test = await makeDatabase()
  await test.connection.sql`create table written (id int)`
  one = connect(test.address, { max: 1 })
})
afterAll(async () => {
  await one.close()
  await test.connection.close()
})

it('a transaction whose server is gone fails, writes nothing more, and leaves the connection to others', async () => {
  for (let times = 0; times < 5; times++) {
    let afterwards: unknown
    const lost = one.sql.begin(async (tx) => {
      const [row] = await tx`select pg_backend_pid() as pid`
      await test.connection.sql`select pg_terminate_backend(${row?.pid})`
      // The only connection is another's by now, outside of any transaction.
      expect(await one.sql`select 1 as one`).toMatchObject([{ one: 1 }])
      afterwards = await tx`insert into written values (1)`.catch((error) => error.code)
    })
    await expect(lost).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    await expect.poll(() => afterwards).toBe('CONNECTION_CLOSED')
  }
  expect(await one.sql`select from written`).toHaveLength(0)
})

it('a question to a server that went away between its writing and its sending fails', async () => {
  for (let times = 0; times < 5; times++) {
    const lost = test.connection.sql.begin(async (tx) => {
      const [row] = await tx`select pg_backend_pid() as pid`
      await one.sql`select pg_terminate_backend(${row?.pid})`
      await new Promise((resolve) => setTimeout(resolve, 50))
      await tx`select 1`
    })
    // On a busy machine it may still be there to say that it goes.
    await expect(lost).rejects.toMatchObject({ code: expect.stringMatching(/^(CONNECTION_CLOSED|57P01)$/) })
    const answers = await Promise.all(Array.from({ length: 8 }, () => test.connection.sql`select 1 as one`))
    expect(answers.map(([row]) => row?.one)).toEqual(Array(8).fill(1))
  }
})
