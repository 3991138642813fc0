import type { FunnelDefinition } from '@/lib/analytics/funnels/contract'
import type { Pass } from '@/lib/analytics/funnels/testing'

/** Funnels from events, slow and obvious. */

export interface Sent {
  id: string
  userId: string
  name: string
  type: string
  category?: string
  device?: string
  pageUrl?: string
  properties: { plan?: string }
  occurredAt: string
}
export type Match = FunnelDefinition['exclusions'][number]

export const timeOf = (event: Sent) => Date.parse(event.occurredAt)

export function matches(event: Sent, { name, filters }: Match): boolean {
  const page = event.pageUrl === undefined ? undefined : new URL(event.pageUrl).pathname
  const values: Record<string, string | undefined> = {
    type: event.type,
    category: event.category,
    device: event.device,
    page,
    'property.plan': event.properties.plan,
  }
  return event.name === name && Object.entries(filters).every(([key, value]) => values[key] === value)
}

/** The pass that begins at an event: by step, the index of the event that it took. */
function passFrom(events: Sent[], begin: number, definition: FunnelDefinition, windowMs: number) {
  const { steps, exclusions } = definition
  const at = (index: number) => timeOf(events[index] as Sent)
  const isFree = (after: number, before: number) =>
    !events.some(
      (event) =>
        timeOf(event) > at(after) &&
        timeOf(event) < at(before) &&
        exclusions.some((exclusion) => matches(event, exclusion)),
    )
  const nextOf = (step: Match, after: number) =>
    events.findIndex((event, index) => index > after && matches(event, step))
  const isReached = (index: number, last: number) =>
    index >= 0 && at(index) <= at(begin) + windowMs && isFree(last, index)

  const taken = new Map([[0, begin]])
  let last = begin
  let ended = false
  let waiting: number[] = []
  /** Takes the optional steps that were passed over, as far as they come before the end. */
  const takeOptional = (isBefore: (index: number) => boolean) => {
    let latest = last
    for (const position of waiting) {
      const index = nextOf(steps[position] as Match, latest)
      if (index < 0 || !isBefore(index)) continue
      taken.set(position, index)
      latest = index
    }
    waiting = []
  }
  steps.forEach((step, position) => {
    if (position === 0 || ended) return
    if (step.optional) {
      waiting.push(position)
      return
    }
    const index = nextOf(step, last)
    ended = !isReached(index, last)
    const previous = last
    takeOptional(ended ? (one) => isReached(one, previous) : (one) => one < index)
    if (ended) return
    taken.set(position, index)
    last = index
  })
  return {
    begin,
    taken,
    level: steps.filter((step, position) => !step.optional && taken.has(position)).length,
  }
}

export interface Question {
  windowMs: number
  chosen: (event: Sent) => boolean
  value: (event: Sent) => string | undefined
}

/** The users' passes that begin from one time to before another. */
export function reference(
  sent: Sent[],
  definition: FunnelDefinition,
  begin: number,
  end: number,
  question: Question,
): Pass[] {
  const { steps } = definition
  const passes: Pass[] = []
  for (const userId of new Set(sent.map((event) => event.userId))) {
    const place = (event: Sent) => {
      const served = steps.flatMap((step, position) => (matches(event, step) ? [position] : []))
      return [timeOf(event), served[0] ?? 0, served.at(-1) ?? 0] as const
    }
    const mine = sent
      .filter((event) => event.userId === userId && timeOf(event) >= begin && timeOf(event) < end)
      .sort((a, b) => {
        const [p, q] = [place(a), place(b)]
        return p[0] - q[0] || p[1] - q[1] || p[2] - q[2] || (a.id < b.id ? -1 : 1)
      })
    const all = mine.flatMap((event, index) =>
      matches(event, steps[0] as Match) && question.chosen(event)
        ? [passFrom(mine, index, definition, question.windowMs)]
        : [],
    )
    const level = Math.max(...all.map((pass) => pass.level))
    const best = all.find((pass) => pass.level === level)
    if (!best) continue
    const first = mine[best.begin] as Sent
    passes.push({
      at: timeOf(first),
      value: question.value(first) ?? null,
      entered: true,
      completed: best.taken.has(steps.length - 1),
      entries: new Map([...best.taken].map(([position, index]) => [position, timeOf(mine[index] as Sent)])),
    })
  }
  return passes
}
