import { formatDuration, formatNumber, formatShare } from '@/components/ui/format'
import { StatCard, StatRow } from '@/components/ui/stat-card'
import type { getFunnelAnalytics } from '@/lib/analytics/funnels/contract'
import type { OutputOf } from '@/lib/http/client'
import { definitions } from './definitions'

export type FunnelAnalytics = OutputOf<typeof getFunnelAnalytics>

/** A funnel in four numbers, each with what it was in the time before. */
export function FunnelTotals({ funnel }: { funnel: FunnelAnalytics }) {
  const { previous } = funnel
  return (
    <StatRow>
      <StatCard
        label="Entered"
        definition={definitions.entered}
        value={funnel.entered}
        before={previous?.entered}
        format={formatNumber}
      />
      <StatCard
        label="Completed"
        definition={definitions.completed}
        value={funnel.completed}
        before={previous?.completed}
        format={formatNumber}
      />
      <StatCard
        label="Conversion"
        definition={definitions.conversionRate}
        value={funnel.conversionRate}
        before={previous?.conversionRate}
        format={formatShare}
      />
      <StatCard
        label="Median time"
        definition={definitions.timeToConvert}
        value={funnel.stages.at(-1)?.timeToStageMs.p50 ?? null}
        before={previous ? (previous.stages.at(-1)?.timeToStageMs.p50 ?? null) : undefined}
        format={formatDuration}
        judge={false}
      />
    </StatRow>
  )
}
