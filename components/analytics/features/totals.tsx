import { formatDuration, formatNumber, formatShare } from '@/components/ui/format'
import { StatCard, StatRow } from '@/components/ui/stat-card'
import { definitions } from './definitions'
import type { FeatureStats } from './table'

type Before = NonNullable<FeatureStats['previous']>['features'][number]

/** The numbers of a feature as cards, each with what it was in the time before. */
export function FeatureTotals({
  feature,
  previous,
}: {
  feature: FeatureStats['features'][number]
  previous?: Before
}) {
  const counts = ['users', 'opened', 'used', 'completed'] as const
  const labels = { users: 'Users', opened: 'Opened', used: 'Used', completed: 'Completed' }
  return (
    <>
      <StatRow>
        {counts.map((key) => (
          <StatCard
            key={key}
            label={labels[key]}
            definition={definitions[key]}
            value={feature[key]}
            before={previous?.[key]}
            format={formatNumber}
          />
        ))}
      </StatRow>
      <StatRow>
        <StatCard
          label="Adoption"
          definition={definitions.adoption}
          value={feature.adoptionRate}
          before={previous?.adoptionRate}
          format={formatShare}
          rate
        />
        <StatCard
          label="Success"
          definition={definitions.success}
          value={feature.successRate}
          before={previous?.successRate}
          format={formatShare}
          rate
        />
        <StatCard
          label="Duration, p50"
          definition={definitions.p50}
          value={feature.durationMs.p50}
          before={previous?.durationMs.p50}
          format={formatDuration}
          judge={false}
        />
        <StatCard
          label="Duration, p90"
          definition={definitions.p90}
          value={feature.durationMs.p90}
          before={previous?.durationMs.p90}
          format={formatDuration}
          judge={false}
        />
      </StatRow>
    </>
  )
}
