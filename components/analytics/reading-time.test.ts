import {
  type DehydratedState,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
} from '@tanstack/react-query'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { ReadingTime } from '@/components/analytics/reading-time'
import { getEstimate, readsOf } from '@/lib/analytics/estimate/contract'
import { queryKey } from '@/lib/http/client'

const input = { from: '-90d', 'property.plan': 'pro' }

/** The first HTML of a page whose question is not answered yet, and of which the server expects so much. */
function firstHtml(endpoint: string, told: { records: number; ms: number }): string {
  const asked = readsOf('getEventAnalytics', input)
  if (!asked) throw new Error('Event analytics may take long.')
  const server = new QueryClient()
  server.setQueryData(queryKey(getEstimate, asked), told)
  const [estimate] = server.getQueryCache().getAll()
  const state = { data: undefined, dataUpdatedAt: 0, status: 'pending', fetchStatus: 'fetching' }
  const late = {
    queryKey: [endpoint, input],
    queryHash: JSON.stringify([endpoint, input]),
    state,
    dehydratedAt: 1,
    promise: new Promise(() => {}),
  }
  const answered = { queryKey: estimate?.queryKey, queryHash: estimate?.queryHash, state: estimate?.state }
  const dehydrated = { mutations: [], queries: [late, { ...answered, dehydratedAt: 1 }] }
  return renderToString(
    createElement(
      QueryClientProvider,
      { client: new QueryClient() },
      createElement(
        HydrationBoundary,
        { state: dehydrated as unknown as DehydratedState },
        createElement(ReadingTime),
      ),
    ),
  )
}

describe('the first HTML of a page that is sent without its answer', () => {
  it('says how long the answer will take', () => {
    const html = firstHtml('getEventAnalytics', { records: 9_812_345, ms: 4_210 })
    expect(html).toContain('Reading 9.8 million records: about 4 s')
    expect(firstHtml('getEventAnalytics', { records: 400e6, ms: 180_000 })).toContain(
      '400 million records: about 3 min',
    )
  })

  it('says nothing below 2 s, nor of what takes no time', () => {
    for (const html of [
      firstHtml('getEventAnalytics', { records: 9_812_345, ms: 1_999 }),
      firstHtml('listProjects', { records: 9_812_345, ms: 4_210 }),
    ]) {
      expect(html).toContain('<output')
      expect(html).not.toContain('Reading')
    }
  })
})
