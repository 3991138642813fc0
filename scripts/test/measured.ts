import { appendFileSync } from 'node:fs'

/** Tells what a test measured: on the console, and in the long suites' table in `docs/measured.md`. */
export function measured(what: string, value: string): void {
  console.log(`${what}: ${value}`)
  const file = process.env.HOLDFAST_MEASURED
  if (file) appendFileSync(file, `${JSON.stringify({ what, value })}\n`)
}

export const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`

/**
 * Tells how long something took; where bounds of time hold, which they do in the long suites alone, it fails above `mostMs`.
 *
 * @throws Error
 */
export function expectTook(what: string, ms: number, mostMs: number): void {
  measured(what, `${inSeconds(ms)}, at most ${inSeconds(mostMs)}`)
  if (process.env.HOLDFAST_BOUNDS && ms > mostMs)
    throw new Error(`${what}: ${inSeconds(ms)}, more than ${inSeconds(mostMs)}`)
}
