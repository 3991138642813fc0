import { formatDuration, formatNumber } from '@/components/ui/format'
import { StatCard, StatRow } from '@/components/ui/stat-card'
import type { getEventAnalytics } from '@/lib/analytics/events/contract'
import type { OutputOf } from '@/lib/http/client'
import { definitions } from './definitions'

export type Analytics = OutputOf<typeof getEventAnalytics>

/** The totals of a range as cards, each with what it was in the time before. */
export function Totals({ totals, previous }: Pick<Analytics, 'totals' | 'previous'>) {
  const before = previous?.totals
  return (
    <StatRow>
      <StatCard
        label="Events"
        definition={definitions.events}
        value={totals.events}
        before={before?.events}
        format={formatNumber}
      />
      <StatCard
        label="Users"
        definition={definitions.users}
        value={totals.users}
        before={before?.users}
        format={formatNumber}
      />
      <StatCard
        label="Sessions"
        definition={definitions.sessions}
        value={totals.sessions}
        before={before?.sessions}
        format={formatNumber}
      />
      <StatCard
        label="Average duration"
        definition={definitions.averageDuration}
        value={totals.averageDurationMs}
        before={before?.averageDurationMs}
        format={formatDuration}
        judge={false}
      />
    </StatRow>
  )
}
