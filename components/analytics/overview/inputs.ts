import { given, type RangeSearch, rangeOf } from '@/components/analytics/inputs'
import type { getFeatureStats } from '@/lib/analytics/features/contract'
import type { listFunnels } from '@/lib/analytics/funnels/contract'
import type { getSatisfactionMetrics } from '@/lib/analytics/satisfaction/contract'
import type { InputOf } from '@/lib/http/client'

/** What the cards of the overview ask, besides the events. */

/** Features of the last week against the week before, whatever the range: a fall is seen while it is new. */
export const fallingInput = ({ project }: RangeSearch): InputOf<typeof getFeatureStats> =>
  given({ project, from: '-7d', interval: 'day', compare: 'previous' })

export const npsInput = (search: RangeSearch): InputOf<typeof getSatisfactionMetrics> =>
  given({ ...rangeOf(search), survey: 'nps', compare: 'previous' })

export const conversionInput = (search: RangeSearch): InputOf<typeof listFunnels> => given(rangeOf(search))
