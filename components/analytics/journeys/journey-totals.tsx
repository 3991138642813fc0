import { formatDuration, formatNumber, formatShare } from '@/components/ui/format'
import { StatCard, StatRow } from '@/components/ui/stat-card'
import type { getJourneyAnalytics } from '@/lib/analytics/journeys/contract'
import type { OutputOf } from '@/lib/http/client'
import { definitions } from './definitions'

export type JourneyAnalytics = OutputOf<typeof getJourneyAnalytics>

interface JourneyTotalsProps {
  journeys: JourneyAnalytics
  /** Whether a run can be completed at all. */
  completes: boolean
}

/** Journeys in a few numbers, each with what it was in the time before. */
export function JourneyTotals({ journeys, completes }: JourneyTotalsProps) {
  const { previous } = journeys
  return (
    <StatRow>
      <StatCard
        label="Started"
        definition={definitions.started}
        value={journeys.started}
        before={previous?.started}
        format={formatNumber}
      />
      <StatCard
        label="Completed"
        definition={definitions.completed}
        value={completes ? journeys.completed : null}
        before={completes ? previous?.completed : undefined}
        format={formatNumber}
      />
      <StatCard
        label="Completion"
        definition={definitions.completionRate}
        value={completes ? journeys.completionRate : null}
        before={completes ? previous?.completionRate : undefined}
        format={formatShare}
      />
      <StatCard
        label="Median duration"
        definition={definitions.duration}
        value={journeys.durationMs.p50}
        before={previous?.durationMs.p50}
        format={formatDuration}
        judge={false}
      />
      <StatCard
        label="Duration p90"
        definition={definitions.duration}
        value={journeys.durationMs.p90}
        before={previous?.durationMs.p90}
        format={formatDuration}
        judge={false}
      />
    </StatRow>
  )
}
