import type { EventMatch, EventSteps } from '@/db/queries/analytics/funnels/event-passes'
import { type FunnelDefinition, funnelDefinition } from '@/lib/analytics/funnels/contract'
import type { Place } from '@/lib/analytics/funnels/stages'
import { type FieldError, fieldErrors, Problem } from '@/lib/http/problem'

const FIELDS = ['type', 'category', 'page', 'device', 'browser', 'os']
const PROPERTY = /^property\.[^\0]{1,100}$/
const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** The milliseconds of a window such as 12h. */
export const windowMs = (window: string): number =>
  Number(window.slice(0, -1)) * (UNITS[window.slice(-1)] as number)

/**
 * The definition in a query parameter.
 *
 * @throws Problem 422 when it is no JSON or not a definition
 */
export function parseDefinition(json: string): FunnelDefinition {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw refused([{ path: 'definition', message: 'Not JSON' }])
  }
  const parsed = funnelDefinition.safeParse(value)
  if (!parsed.success) {
    throw refused(
      fieldErrors(parsed.error).map(({ path, message }) => ({
        path: path ? `definition.${path}` : 'definition',
        message,
      })),
    )
  }
  checkFilters(parsed.data)
  return parsed.data
}

/** @throws Problem 422 when a step or exclusion is filtered by what events do not have */
export function checkFilters({ steps, exclusions }: FunnelDefinition): void {
  const errors = Object.entries({ steps, exclusions }).flatMap(([list, matches]) =>
    matches.flatMap(({ filters }, index) =>
      Object.keys(filters)
        .filter((key) => !FIELDS.includes(key) && !(PROPERTY.test(key) && key.isWellFormed()))
        .map((key) => ({
          path: `definition.${list}.${index}.filters.${key}`,
          message: `Expected ${FIELDS.join(', ')} or property.<key>`,
        })),
    ),
  )
  if (errors.length > 0) throw refused(errors.slice(0, 50))
}

/** A definition's steps as stages. */
export const placesOf = ({ steps }: FunnelDefinition): Place[] =>
  steps.map(({ label, name, optional }, index) => ({
    name: label ?? name,
    order: index + 1,
    optional,
    rank: index + 1,
    position: index + 1,
  }))

/** A definition as its query takes it. */
export const stepsOf = (definition: FunnelDefinition, window = definition.window): EventSteps => ({
  steps: definition.steps.map((step) => ({ match: matchOf(step), optional: step.optional })),
  exclusions: definition.exclusions.map(matchOf),
  windowMs: windowMs(window),
})

function matchOf({ name, filters }: { name: string; filters: Record<string, string> }): EventMatch {
  const isProperty = ([key]: [string, string]) => key.startsWith('property.')
  const given = Object.entries(filters)
  return {
    equal: { name, ...Object.fromEntries(given.filter((entry) => !isProperty(entry))) },
    properties: Object.fromEntries(
      given.filter(isProperty).map(([key, value]) => [key.slice('property.'.length), value]),
    ),
    context: {},
  }
}

function refused(errors: FieldError[]): Problem {
  const [first] = errors
  return new Problem(422, first ? `${first.path}: ${first.message}` : 'Invalid input', { errors })
}
