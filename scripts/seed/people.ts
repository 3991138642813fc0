import { agents, places, plans, referrers } from './catalog'
import type { Random } from './random'
import { arrivals, byHour, DAY_MS, DAYS, HOUR_MS } from './rhythm'

export type Visitor = ReturnType<typeof makeVisitor>

const VISITORS = 2_000
/** Had signed up before the data begins. */
const OLD_SHARE = 0.12
/** Of the others: sign up on their first, second or third visit. With the old ones, about 35% are known in the end. */
const SIGN_UP_SHARE = 0.28

/** Everyone who visits, in no order. */
export function makeVisitors(random: Random): Visitor[] {
  const weights = Array.from({ length: DAYS }, (_, day) => [day, arrivals(day)] as const)
  return Array.from({ length: VISITORS }, (_, n) => {
    const old = n < VISITORS * OLD_SHARE
    return makeVisitor(random, old ? -random.int(1, 60) : random.weighted(weights), old, n)
  })
}

/** @param arrival the day of the first visit, from 0; below it, before the data begins */
function makeVisitor(random: Random, arrival: number, old: boolean, n: number) {
  const signsUp = !old && random.chance(SIGN_UP_SHARE)
  const place = random.weighted(places)
  return {
    anonymousId: random.code('a'),
    userId: `user-${String(n + 1).padStart(4, '0')}`,
    /** Mutable: sign-in joins the two ids. */
    known: old,
    /** The visit, from 1, on which they sign up; 0 for never. */
    signUpVisit: signsUp
      ? random.weighted([
          [1, 55],
          [2, 30],
          [3, 15],
        ])
      : 0,
    country: place.country,
    plan: random.weighted(plans),
    referrer: random.weighted(referrers),
    agent: random.weighted(agents),
    visits: visitsOf(random, arrival, place.ahead, old || signsUp),
  }
}

/** When someone visits: on the day they arrive, and then on ever fewer days, by a power of the days passed. */
function visitsOf(random: Random, arrival: number, ahead: number, keen: boolean): number[] {
  const loyalty = keen ? random.around(0.62, 0.6) : random.around(0.07, 1)
  const visits: number[] = []
  for (let day = arrival; day < DAYS; day += 1) {
    const passed = day - arrival
    const likely = passed === 0 ? 1 : loyalty * (passed + 1) ** -0.5
    if (!random.chance(Math.min(0.9, likely))) continue
    visits.push(visitTime(random, day, ahead))
    if (keen && random.chance(0.22)) visits.push(visitTime(random, day, ahead))
  }
  return visits.sort((a, b) => a - b)
}

function visitTime(random: Random, day: number, ahead: number): number {
  const hour = (random.weighted(byHour) - ahead + 24) % 24
  return day * DAY_MS + hour * HOUR_MS + Math.floor(random.next() * HOUR_MS)
}
