import type { conversionFunnels, featureUsage, userEvents, userJourneys, userSatisfaction } from '@/db/schema'
import { ORIGIN, type Path, pages } from './catalog'
import type { Visitor } from './people'
import type { Random } from './random'
import { DAY_MS, DAYS } from './rhythm'

/** The rows of the five tables. */
export interface DemoRows {
  events: (typeof userEvents.$inferInsert)[]
  features: (typeof featureUsage.$inferInsert)[]
  stages: (typeof conversionFunnels.$inferInsert)[]
  steps: (typeof userJourneys.$inferInsert)[]
  responses: (typeof userSatisfaction.$inferInsert)[]
}

/** The same before they belong to a project, with times from the draw's first midnight on. */
export type Rows = {
  [K in keyof DemoRows]: (Omit<DemoRows[K][number], 'projectId' | 'occurredAt' | 'receivedAt'> & {
    occurredAt: Date
    receivedAt: Date
  })[]
}

type Common = 'id' | 'userId' | 'occurredAt' | 'receivedAt'
type Body<K extends keyof Rows> = Omit<Rows[K][number], Common>

/** One visit: a clock that goes on as things are done, and the records that they leave. */
export class Session {
  page: Path = '/'
  private readonly id: string
  private referrer: string | null

  constructor(
    readonly visitor: Visitor,
    readonly random: Random,
    /** Milliseconds since the draw's first midnight. */
    public at: number,
    private readonly rows: Rows,
  ) {
    this.id = random.code('s')
    this.referrer = visitor.referrer
  }

  /** Lets time pass. @param median in seconds */
  wait(median: number, spread?: number): number {
    const ms = Math.round(this.random.around(median * 1000, spread))
    this.at += ms
    return ms
  }

  /** Opens a page and stays on it. */
  view(path: Path): void {
    const [pageTitle, seconds] = pages[path]
    const openedAt = this.at
    const durationMs = this.wait(seconds, 0.9)
    this.page = path
    this.record(
      'events',
      {
        type: 'page_view',
        name: 'page_view',
        pageUrl: ORIGIN + path,
        page: path,
        pageTitle,
        referrer: this.referrer,
        durationMs,
        properties: this.about(),
      },
      openedAt,
    )
    this.referrer = null
  }

  /** Something of the product's own, done on the page that is open. */
  event(name: string, category: string, properties: Record<string, unknown> = {}, type = 'custom'): void {
    this.wait(2)
    this.record('events', {
      type,
      name,
      category,
      pageUrl: ORIGIN + this.page,
      page: this.page,
      pageTitle: pages[this.page][0],
      properties: { ...this.about(), ...properties },
    })
  }

  /** What the product knows of the visitor. */
  about(): Record<string, unknown> {
    const { country, known, plan } = this.visitor
    return known ? { country, plan } : { country }
  }

  /** Adds a record at the clock's time, or another, unless that is outside of the time that there is data for. */
  record<K extends keyof Rows>(table: K, body: Body<K>, at = this.at): void {
    const { visitor, random } = this
    const way = random.int(40, 900)
    if (at < 0 || at >= DAYS * DAY_MS) return
    const row = {
      ...body,
      id: random.uuid(),
      userId: visitor.known ? visitor.userId : visitor.anonymousId,
      anonymousId: visitor.anonymousId,
      sessionId: this.id,
      ...visitor.agent,
      occurredAt: new Date(at),
      receivedAt: new Date(at + way),
    }
    // A row of one table by construction, which the union of the five types does not show.
    ;(this.rows[table] as unknown[]).push(row)
  }
}
