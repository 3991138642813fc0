import { singleton } from '@/lib/singleton'

/** Milliseconds for a million records of each kind, where it was not seen yet what they take: measured on two cores. */
const usual = { event: 2_000, feature: 3_400, stage: 9_000, step: 7_000, response: 700 }
export type Kind = keyof typeof usual
export const kinds = Object.keys(usual) as Kind[]

/** How much of what is known a new time takes the place of. */
const WEIGHT = 0.3
/** Milliseconds that the usual pace counts for at first, as if so much had been read at it. */
const PRIOR_MS = 1_000
/** Records below which it was something else that took the time. */
const LEAST = 50_000

/** What a question reads. */
export interface Reading {
  /** The question and the kinds: two questions ask very different things of the same records. */
  name: string
  records: number
  /** Milliseconds that so many records usually take. */
  usual: number
}

/** Milliseconds, as means. Only in memory: the next start may be on another machine. */
const paces = () => singleton('pace', () => new Map<string, { took: number; usual: number }>())

export const usualMs = (kind: Kind, records: number): number => (records / 1_000_000) * usual[kind]

/** Milliseconds that a question is likely to take here. */
export function likelyMs({ name, usual }: Reading): number {
  const pace = paces().get(name)
  return Math.round(pace ? (usual * pace.took) / pace.usual : usual)
}

/** Takes note of the milliseconds that a question took. */
export function noteTime({ name, records, usual }: Reading, took: number): void {
  if (records < LEAST) return
  // Means of both and not of their ratio, so that what read much counts for more.
  const pace = paces().get(name) ?? { took: PRIOR_MS, usual: PRIOR_MS }
  const mean = (before: number, now: number) => before + WEIGHT * (now - before)
  paces().set(name, { took: mean(pace.took, took), usual: mean(pace.usual, usual) })
}
