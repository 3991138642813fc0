import { expect, it } from 'vitest'
import { type ValueRow, valueColumn, valueKey } from './value-column'

type Row = ValueRow & { events: number | null }

const rows: Row[] = [
  { value: 'rest', events: 4 },
  { value: 'null', events: 2 },
  { value: null, events: 1 },
  { value: null, rest: true, events: 90 },
]

it('names the rest, which is no value: it cannot be picked, and no bar compares it', () => {
  const picked: string[] = []
  const column = valueColumn({
    of: 'Page',
    rows,
    size: ({ events }) => events,
    onPick: (value) => picked.push(value),
  })
  expect(rows.map(column.value)).toEqual(['rest', 'null', null, 'all others'])
  expect(rows.map((row) => column.bar?.(row))).toEqual([1, 0.5, 0.25, 0])
  for (const row of rows) column.onPick?.(row)?.()
  expect(picked).toEqual(['rest', 'null'])
})

it('tells the rest, no value and values of such names apart', () => {
  expect(new Set(rows.map(valueKey)).size).toBe(rows.length)
})
