import { expect, it } from 'vitest'
import { groupBy } from '@/db/group-by'
import type { Held } from '@/db/queries/analytics/rollups/find-moments'
import type { Wanted } from '@/db/queries/analytics/rollups/moment-kinds'
import { groupsOf } from '@/lib/analytics/funnels/moment-groups'
import { paceOf } from '@/lib/pace'

/** Which funnels are counted together: six million moments at the most are in memory. */

const million = 1_000_000
const held: Held = {
  filter: {
    ...{ projectId: '', from: new Date(0), to: new Date(1) },
    ...{ equal: { device: 'mobile' }, properties: {}, context: {} },
  },
  first: new Date(0),
  agents: new Set([1]),
  classes: groupBy(
    [
      { id: 1, name: 'view', type: 'x', category: '', moments: 4 * million, chosen: million, cells: 1 },
      { id: 2, name: 'cart', type: 'x', category: '', moments: 2 * million, chosen: million, cells: 1 },
      { id: 3, name: 'pay', type: 'x', category: '', moments: 2 * million, chosen: million, cells: 1 },
      { id: 4, name: 'help', type: 'x', category: '', moments: 7 * million, chosen: million, cells: 1 },
    ],
    ({ name }) => name,
  ),
  users: 1,
  rest: [],
  late: 0,
}
const funnel = (...names: string[]) => ({
  names: names.join(),
  wanted: names.map(
    (name, step): Wanted => ({
      match: { equal: { name }, properties: {}, context: {} },
      begins: step === 0,
    }),
  ),
})
const groups = async (asked: ReturnType<typeof funnel>[], late = 0) =>
  (await groupsOf(asked, { ...held, late }, paceOf())).map((group) => group.map(({ names }) => names))

it('is as many as there is room for, of those that have room alone', async () => {
  const [bought, paid, helped, viewed] = [
    funnel('cart', 'view'),
    funnel('pay', 'cart'),
    funnel('cart', 'help'),
    funnel('view', 'pay'),
  ]
  // Of the first step only the filter's agents are read, unless another step needs all.
  expect(await groups([bought, viewed])).toEqual([['cart,view'], ['view,pay']])
  expect(await groups([paid, helped, viewed])).toEqual([['pay,cart', 'view,pay']])
  expect(await groups([bought, bought])).toEqual([['cart,view', 'cart,view']])
  expect(await groups([bought, bought], million)).toEqual([['cart,view', 'cart,view']])
  expect(await groups([bought, paid], million + 1)).toEqual([['pay,cart']])
})
