import fc from 'fast-check'
import { afterAll, expect, inject, it } from 'vitest'
import { arrayLiteral } from '@/db/array-literal'
import { connect, findLeader } from '@/db/connect'
import { seed } from '@/scripts/test/random-sets'

const connection = connect(await findLeader(inject('address')), { max: 1 })
afterAll(() => connection.close())

it('is read back by PostgreSQL as it was, whatever the text', async () => {
  // Well-formed text without NUL is all that a contract lets through.
  const text = fc.oneof(
    fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '')),
    fc.constantFrom(
      '',
      'null',
      'NULL',
      '\\',
      '"',
      '\\"',
      '\\n',
      '\n',
      '\\\\\n',
      '{}',
      '{"a":"\\n"}',
      ',',
      ' ',
      '\u2028',
      '\x7f',
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text), { minLength: 1, maxLength: 12 }), async (values) => {
      const rows = await connection.sql.unsafe('select * from unnest($1::text[]) as value', [
        arrayLiteral(values),
      ])
      expect(rows.map((row) => row.value)).toEqual(values)
    }),
    { numRuns: 300, seed },
  )
})

it('writes numbers and what is missing', async () => {
  const rows = await connection.sql.unsafe('select * from unnest($1::int[]) as value', [
    arrayLiteral([1, null, undefined, -3]),
  ])
  expect(rows.map((row) => row.value)).toEqual([1, null, null, -3])
})
