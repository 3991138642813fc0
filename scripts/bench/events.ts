import { randomUUID } from 'node:crypto'

const DAY = 86_400_000
let made = 0

/** An event as a browser's tracker sends it, with an id of its own. */
export function makeRecord() {
  const number = made++
  return {
    kind: 'event',
    id: randomUUID(),
    type: 'page_view',
    name: 'page_view',
    userId: `user-${Math.floor(Math.random() * 20_000)}`,
    sessionId: `session-${number % 5_000}`,
    occurredAt: new Date(Date.now() - Math.random() * 20 * DAY).toISOString(),
    pageUrl: `https://shop.example/products/${number % 50}`,
    pageTitle: 'Products',
    referrer: 'https://search.example/',
    durationMs: 1_234,
    properties: { plan: 'pro', number },
  }
}
export type BenchRecord = ReturnType<typeof makeRecord>

export const makeRecords = (count: number): BenchRecord[] => Array.from({ length: count }, makeRecord)

/** The body of one /events/track request. */
export function eventBody(): string {
  const { kind: _, ...event } = makeRecord()
  return JSON.stringify({ ...event, occurredAt: new Date().toISOString() })
}
