'use client'

import { createSerializer, useQueryStates } from 'nuqs'
import { rangeParsers } from '@/components/analytics/search-params'
import { toSegment } from '@/lib/http/client'
import { emptyDraft, writeDraft } from './draft'
import { funnelParsers } from './search-params'

const withSearch = createSerializer(funnelParsers)

/** Addresses of funnels, in the project and range of this page. */
export function useFunnelAddress() {
  const [range] = useQueryStates(rangeParsers)
  const list = withSearch('/funnels', range)
  const of = (name: string) => withSearch(`/funnels/${toSegment(name)}`, range)
  /** The builder with nothing in it yet. */
  const fresh = withSearch('/funnels/New%20funnel', { ...range, definition: writeDraft(emptyDraft()) })
  return { list, of, fresh }
}
