import { log } from '@/lib/log'
import { newState, type RuleState } from '@/lib/recovery/alerts/evaluate'
import { knownAlerts } from '@/lib/recovery/alerts/memory'
import { forget, moveOn, type Sight } from '@/lib/recovery/alerts/move'
import { findChannels } from '@/lib/recovery/alerts/round'
import {
  type About,
  type AlertFile,
  readAlertFile,
  readMeasured,
  type SeenMetric,
  writeMeasured,
} from '@/lib/recovery/alerts/store'

/** A number has to be well for so long before its alert resolves, so that one at its bound is told of once; seconds. */
const CLEAR_SECONDS = 900
/** Two rounds may be so far apart, where much is measured; milliseconds. */
const GAP_MS = 10 * 60_000
const PREFIX = 'metric:'

/** A metric alert as it was just measured. */
export interface MeasuredMetric {
  id: string
  name: string
  /** When its definition was changed, in milliseconds since 1970. */
  changedAt: number
  /** What is compared with the bound; null where nothing can be said. */
  compared: number | null
  bad: 'above' | 'below'
  bound: number
  /** What is shown of it. */
  value: number | null
  before: number | null
  detail: string
  about: About
}

/** Moves metric alerts on, has what changed told, and ends those that are not among them any more. */
export async function lookAtMetrics(measured: MeasuredMetric[], at: number): Promise<void> {
  const channels = findChannels()
  const { states } = knownAlerts()
  await moveOn(
    measured.map((metric) => toSight(metric, states[PREFIX + metric.id])),
    channels,
    at,
  )
  // While the channels cannot be read nothing may be forgotten: they would never hear of it.
  if (channels) {
    const known = new Set(measured.map(({ id }) => PREFIX + id))
    const seen = readMeasured()
    for (const id of Object.keys(states).filter((key) => key.startsWith(PREFIX) && !known.has(key))) {
      const { title = 'A metric alert', about } = seen[id.slice(PREFIX.length)] ?? {}
      await forget({ id, title, about }, 'nobody watches it any more', channels, at)
    }
  }
  try {
    writeMeasured(Object.fromEntries(measured.map((metric) => [metric.id, toSeen(metric, at)])))
  } catch (error) {
    log('error', 'what was measured cannot be written', { error })
  }
}

/** How it goes with a metric alert; nothing was seen of one that is new. */
export interface MetricState {
  state: RuleState
  seen: SeenMetric | undefined
}

/** Reads how it goes with all of them. @returns what tells of one, by its id */
export function readMetrics(): (id: string) => MetricState {
  const { states } = readAlertFile()
  const measured = readMeasured()
  return (id) => ({ state: states[PREFIX + id] ?? newState(0), seen: measured[id] })
}

/** Those that fire, of every project. @param file of the worker */
export function firingMetrics({ states }: AlertFile): { id: string; state: RuleState; seen: SeenMetric }[] {
  return Object.entries(readMeasured()).flatMap(([id, seen]) => {
    const state = states[PREFIX + id]
    return state?.level ? [{ id: PREFIX + id, state, seen }] : []
  })
}

function toSight(metric: MeasuredMetric, state: RuleState | undefined): Sight {
  const { id, name, bad, bound, compared, detail, about, changedAt } = metric
  // What fires by a definition that is no more has not to be well for long.
  const isStale = state?.firingSince != null && changedAt > state.firingSince
  return {
    id: PREFIX + id,
    title: name,
    bad,
    thresholds: {
      warn: bound,
      critical: null,
      holdSeconds: 0,
      clearSeconds: isStale ? 0 : CLEAR_SECONDS,
    },
    seen: { value: compared, detail },
    gapMs: GAP_MS,
    about,
  }
}

const toSeen = (
  { name, value, before, compared, detail, about }: MeasuredMetric,
  at: number,
): SeenMetric => ({
  ...{ title: name, value, before, detail, about, at },
  known: compared !== null,
})
