import type { EventMatch } from '@/db/queries/analytics/funnels/event-passes'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'
import type { Moments } from '@/db/queries/analytics/rollups/decode-moments'
import { filtersByAgent, isAgentField, sourceOf } from '@/db/queries/analytics/rollups/question'

/** What an event is, as far as moments tell; whether it came from an agent that the filter means. */
export interface Kind {
  name: string
  type: string
  category: string
  chosen: boolean
}

/** What an event is, whoever it came from. */
export type Named = Omit<Kind, 'chosen'>

/** The events of one kind. */
export interface MomentList extends Kind, Moments {}

/** Events that are asked for: with `begins`, only those that the filter means too. */
export interface Wanted {
  match: EventMatch
  begins: boolean
}

/** Whether moments tell the events of a match from all others; with `agents`, together with whom they came from. */
export const isKept = (match: EventMatch, agents = false): boolean =>
  sourceOf(['event'], match) !== undefined &&
  (agents || !filtersByAgent(match)) &&
  // A missing value is empty there, and no event has an empty one.
  Object.values(match.equal).every((value) => value !== '')

/** Whether events of a kind are asked for. @param filter that `isKept` */
export const isWanted = (kind: Kind, wanted: Wanted, filter: RecordFilter): boolean =>
  isAskedFor(kind, wanted, filter) && (kind.chosen || !wanted.begins)

/** The same of a kind that comes from the filter's agents, too. */
export const isAskedFor = (kind: Named, { match, begins }: Wanted, filter: RecordFilter): boolean =>
  isOf(kind, match) && (!begins || isOf(kind, filter))

const isOf = (kind: Named, { equal }: Pick<EventMatch, 'equal'>): boolean =>
  Object.entries(equal).every(([field, value]) => isAgentField(field) || kind[field as 'name'] === value)
