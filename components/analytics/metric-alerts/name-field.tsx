'use client'

import { Autocomplete } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { given } from '@/components/analytics/inputs'
import { getEventAnalytics } from '@/lib/analytics/events/contract'
import { getFeatureStats } from '@/lib/analytics/features/contract'
import { listFunnelNames } from '@/lib/analytics/funnels/contract'
import type { Metric } from '@/lib/analytics/metric-alerts/contract'
import { query } from '@/lib/http/client'
import { kinds } from './words'

const NAMES = '200'
const STALE_MS = 60_000

interface NameFieldProps {
  kind: Exclude<Metric['kind'], 'survey'>
  project: string | undefined
}

/** The name of an event, feature or funnel; those of the last 30 days are offered, and another may be typed. */
export function NameField({ kind, project, ...field }: NameFieldProps) {
  const asked = given({ project: project ?? null })
  const events = useQuery({
    ...query(getEventAnalytics, { ...asked, limit: NAMES }),
    enabled: kind === 'event',
    staleTime: STALE_MS,
  })
  const features = useQuery({
    ...query(getFeatureStats, { ...asked, limit: NAMES }),
    enabled: kind === 'feature',
    staleTime: STALE_MS,
  })
  const funnels = useQuery({
    ...query(listFunnelNames, asked),
    enabled: kind === 'funnel',
    staleTime: STALE_MS,
  })
  const names = {
    event: events.data?.top.map(({ name }) => name),
    feature: features.data?.features.map(({ name }) => name),
    funnel: funnels.data?.funnels.map(({ name }) => name),
  }
  return (
    <Autocomplete
      label={`Which ${kinds[kind].label.toLowerCase()}`}
      data={[...new Set(names[kind])]}
      limit={20}
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
      {...field}
    />
  )
}
