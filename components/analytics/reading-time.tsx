'use client'

import { notifyManager, type Query, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { formatReading } from '@/components/ui/format'
import { getEstimate, LONG_MS, PATIENCE_MS, readsOf } from '@/lib/analytics/estimate/contract'
import { query } from '@/lib/http/client'
import classes from './reading-time.module.css'

/**
 * Says how long the page's question will take, if it is not answered soon and takes long. It lies over the page, so that
 * nothing moves.
 */
export function ReadingTime() {
  const pending = usePending()
  // What is pending in the first HTML has been waited for by the server.
  const [waited, setWaited] = useState(pending)
  useEffect(() => {
    const timer = setTimeout(() => setWaited(pending), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [pending])
  const asked = pending && pending === waited ? askedBy(pending) : undefined
  return <output className={classes.place}>{asked && <Estimate asked={asked} />}</output>
}

function Estimate({ asked }: { asked: NonNullable<ReturnType<typeof readsOf>> }) {
  const { data } = useQuery(query(getEstimate, asked))
  return data && data.ms >= LONG_MS ? <span className={classes.text}>{formatReading(data)}</span> : null
}

const askedBy = ({ queryKey }: Query) => readsOf(...(queryKey as Parameters<typeof readsOf>))

/** The first question that could take long and has no answer yet. */
function usePending(): Query | undefined {
  const cache = useQueryClient().getQueryCache()
  const find = (ofPage: (query: Query) => boolean) =>
    cache
      .getAll()
      .find(
        (query) =>
          query.state.status === 'pending' &&
          query.state.fetchStatus === 'fetching' &&
          ofPage(query) &&
          askedBy(query),
      )
  return useSyncExternalStore(
    // Queries are made while components render, when nothing may be told.
    useCallback((listener) => cache.subscribe(notifyManager.batchCalls(listener)), [cache]),
    () => find((query) => query.isActive()),
    // Nothing is active before it is in the browser.
    () => find(() => true),
  )
}
