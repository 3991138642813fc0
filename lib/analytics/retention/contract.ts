import { z } from 'zod'
import {
  commonFilters,
  count,
  coverage,
  interval,
  range,
  rate,
  withProperties,
  word,
} from '@/lib/analytics/parameters/contract'
import { endpoint } from '@/lib/http/endpoint'

/** What every question about retention takes besides the event or feature that it is about. */
export const retentionInput = {
  ...range,
  ...commonFilters,
  interval: interval
    .exclude(['hour'])
    .default('week')
    .describe('Length of a cohort’s first interval and of each after it; 60 at the most'),
}

export const retention = z.object({
  ...coverage,
  interval,
  cohorts: z
    .array(
      z.object({
        at: z.iso.datetime().describe('The interval of the first record ever'),
        users: count,
        returned: z
          .array(z.object({ users: count, rate, complete: z.boolean() }))
          .describe(
            'By intervals since the first, which is the 0th. complete: the interval is over at the end of the range',
          ),
      }),
    )
    .describe('Every interval of the range, in order of time'),
  average: z
    .array(z.object({ users: count, rate }))
    .describe(
      'By intervals since the first, over the cohorts for which that interval is complete: users of those cohorts, and the part that returned',
    ),
})
export type Retention = z.infer<typeof retention>

export const getRetention = endpoint({
  id: 'getRetention',
  method: 'GET',
  path: '/api/analytics/user/retention',
  access: 'read',
  summary: 'Cohorts of users by their first event, and how many came back',
  description:
    'A user belongs to the cohort of the interval in which their first event ever lies. Filters select the events that are looked at, for the first as for those after it.',
  input: withProperties({
    ...retentionInput,
    event: word.optional().describe('Counts as a return; any event, if left out'),
  }),
  output: retention,
})
