import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { log } from '@/lib/log'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

const SECRET = 'someone@shop.example'

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

/** The line that an error makes. */
function lineOf(error: unknown): string {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  log('error', 'request failed', { endpoint: 'getUser', error })
  const [line] = write.mock.calls[0] ?? []
  write.mockRestore()
  return String(line)
}

const failure = (work: PromiseLike<unknown>): Promise<Error> =>
  Promise.resolve(work).then(
    () => expect.fail('it did not fail'),
    (error: Error) => error,
  )

it('keeps an error’s words and place', () => {
  const line = JSON.parse(lineOf(new Error('outer', { cause: new TypeError('inner') })))
  expect(line).toMatchObject({
    level: 'error',
    endpoint: 'getUser',
    error: { message: 'outer', cause: { name: 'TypeError', message: 'inner' } },
  })
  expect(line.error.stack).toContain('log.test.ts')
})

it('keeps of the database’s errors the code and the place, and nothing that was asked for', async () => {
  const { db, sql: driver } = test.connection
  const errors = [
    await failure(db.execute(sql`select ${SECRET}::uuid`)),
    await failure(driver`select ${SECRET}::text::uuid`),
    await failure(db.execute(sql`select ${SECRET} from nowhere`)),
    new Error('outer', { cause: await failure(db.execute(sql`select ${SECRET}::text::int`)) }),
  ]
  for (const error of errors) {
    const line = lineOf(error)
    expect(line).not.toContain(SECRET)
    expect(line).toMatch(/"code":"(22P02|42P01)"/)
    expect(line).toContain('log.test.ts')
  }
})
