import type { AnalyticsTable } from '@/db/schema'

/** The kinds of records and their tables, in the order of the schema. */
export const kinds = [
  { kind: 'event', table: 'user_events' },
  { kind: 'feature', table: 'feature_usage' },
  { kind: 'stage', table: 'conversion_funnels' },
  { kind: 'step', table: 'user_journeys' },
  { kind: 'response', table: 'user_satisfaction' },
] as const satisfies { kind: string; table: AnalyticsTable }[]

export type Kind = (typeof kinds)[number]['kind']
