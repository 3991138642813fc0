import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { AnalyticsTable } from '@/db/schema'
import { Random } from '@/scripts/seed/random'

/** Users, and days that they are seen on. */
const USERS = 200_000
export const DAYS = 90
export const START = Date.UTC(2026, 5, 1)
const DAY_MS = 86_400_000
/** Records of the other kinds for each event. */
const SHARE = { feature: 0.1, stage: 0.1, step: 0.1, response: 0.01 }

export const eventNames = Array.from(
  { length: 20 },
  (_, n) => (n < 3 ? ['page_view', 'click', 'search'][n] : `event_${n}`) as string,
)
const types = ['page_view', 'click', 'custom', 'form']
const categories = ['shop', 'account', 'content', 'help', '']
const pages = Array.from({ length: 60 }, (_, n) => (n === 0 ? '/' : `/page/${n}`))
const agents = [
  ['desktop', 'Chrome', 'Windows'],
  ['mobile', 'Safari', 'iOS'],
  ['mobile', 'Chrome', 'Android'],
  ['desktop', 'Safari', 'macOS'],
  ['desktop', 'Firefox', 'Windows'],
  ['desktop', 'Edge', 'Windows'],
  ['tablet', 'Safari', 'iOS'],
  ['desktop', 'Chrome', 'Linux'],
] as const
const features = Array.from({ length: 10 }, (_, n) => `feature_${n}`)
const stages = ['view', 'cart', 'address', 'payment']
const steps = ['start', 'profile', 'team', 'import', 'finish']
const errors = ['timeout', 'refused', 'not found']

/** The columns of each file, in order; tab-separated, `\\N` for none. */
const common = [
  'id',
  'project_id',
  'user_id',
  'session_id',
  'device',
  'browser',
  'os',
  'properties',
  'occurred_at',
  'received_at',
]
export const columns: Record<AnalyticsTable, string[]> = {
  user_events: [...common, 'type', 'name', 'category', 'page', 'duration_ms'],
  feature_usage: [...common, 'feature', 'category', 'action', 'duration_ms', 'success', 'error'],
  conversion_funnels: [...common, 'funnel', 'run_id', 'stage', 'stage_order', 'completed'],
  user_journeys: [...common, 'journey', 'run_id', 'step', 'completed'],
  user_satisfaction: [...common, 'survey', 'score', 'response'],
}

type Row = { at: number; table: AnalyticsTable; text: string }

/** Writes a file for each table: the same for the same number of events. Rows lie in order of time, as they would come in. */
export function generate(folder: string, projectId: string, events: number): Record<AnalyticsTable, number> {
  const random = new Random(0x686f6c64)
  const files = Object.fromEntries(
    Object.keys(columns).map((table) => [table, openSync(fileOf(folder, table as AnalyticsTable), 'w')]),
  ) as Record<AnalyticsTable, number>
  const counts = Object.fromEntries(Object.keys(columns).map((table) => [table, 0])) as Record<
    AnalyticsTable,
    number
  >
  const visits = new Visits(random, projectId)
  for (let day = 0; day < DAYS; day++) {
    const rows: Row[] = []
    const wanted = Math.round((events * (day + 1)) / DAYS) - counts.user_events
    for (let made = 0; made < wanted; ) made += visits.add(rows, START + day * DAY_MS, wanted - made)
    rows.sort((a, b) => a.at - b.at)
    for (const table of Object.keys(columns) as AnalyticsTable[]) {
      const lines = rows.filter((row) => row.table === table).map((row) => row.text)
      counts[table] += lines.length
      if (lines.length > 0) writeSync(files[table], `${lines.join('\n')}\n`)
    }
  }
  for (const file of Object.values(files)) closeSync(file)
  return counts
}

export const fileOf = (folder: string, table: AnalyticsTable): string => join(folder, `${table}.tsv`)

class Visits {
  private records = 0
  private sessions = 0

  constructor(
    private readonly random: Random,
    private readonly projectId: string,
  ) {}

  /** A session of up to `most` events. Returns how many. */
  add(rows: Row[], day: number, most: number): number {
    const { random } = this
    // Some users come far more often than others, and one in five has a second agent.
    const user = Math.floor(USERS * random.next() ** 2)
    const second = user % 5 === 0 && random.next() < 0.3
    const agent =
      agents[Math.floor((((user * 7919 + (second ? 3 : 0)) % 97) ** 2 / 97 ** 2) * agents.length)] ??
      agents[0]
    const session = `s${this.sessions++}`
    const who = [`user-${user}`, session, ...agent, '{}']
    let at = day + Math.floor(random.next() * (DAY_MS - 3_600_000))
    const count = Math.min(most, 1 + Math.floor(random.next() * 9))
    for (let n = 0; n < count; n++) {
      const name = Math.floor(eventNames.length * random.next() ** 2)
      const page = name === 0 ? pages[Math.floor(pages.length * random.next() ** 2)] : '\\N'
      const duration = name < 5 ? String(Math.floor(random.next() * 60_000)) : '\\N'
      this.push(rows, 'user_events', at, who, [
        types[name % types.length],
        eventNames[name],
        categories[name % categories.length] || '\\N',
        page,
        duration,
      ])
      at += Math.floor(random.next() * 120_000)
    }
    if (random.next() < SHARE.feature * 5) this.addFeature(rows, at, who)
    if (random.next() < SHARE.stage * 2) this.addRun(rows, at, who, 'conversion_funnels', stages)
    if (random.next() < SHARE.step * 1.6) this.addRun(rows, at, who, 'user_journeys', steps)
    if (random.next() < SHARE.response * 5) {
      this.push(rows, 'user_satisfaction', at, who, [
        'nps',
        String(Math.floor(11 * random.next() ** 0.6)),
        '\\N',
      ])
    }
    return count
  }

  private addFeature(rows: Row[], at: number, who: string[]): void {
    const { random } = this
    const feature = features[Math.floor(features.length * random.next() ** 2)]
    const success = random.next() < 0.9
    this.push(rows, 'feature_usage', at, who, [
      feature,
      'tools',
      ['opened', 'used', 'completed'][Math.floor(random.next() * 3)],
      String(Math.floor(random.next() ** 2 * 30_000)),
      success ? 't' : 'f',
      success ? '\\N' : errors[Math.floor(random.next() * errors.length)],
    ])
  }

  /** A run that gets as far as it gets; the few that reach the end are completed. */
  private addRun(rows: Row[], start: number, who: string[], table: AnalyticsTable, places: string[]): void {
    const { random } = this
    const name = table === 'conversion_funnels' ? 'checkout' : 'onboarding'
    const run = `r${this.sessions}`
    let at = start
    for (const [index, place] of places.entries()) {
      this.push(
        rows,
        table,
        at,
        who,
        table === 'conversion_funnels' ? [name, run, place, String(index + 1), 'f'] : [name, run, place, 'f'],
      )
      at += 1_000 + Math.floor(random.next() * 600_000)
      if (random.next() > 0.7) return
    }
    this.push(
      rows,
      table,
      at,
      who,
      table === 'conversion_funnels' ? [name, run, '\\N', '\\N', 't'] : [name, run, '\\N', 't'],
    )
  }

  private push(
    rows: Row[],
    table: AnalyticsTable,
    at: number,
    who: string[],
    own: (string | undefined)[],
  ): void {
    const id = `00000000-0000-4000-8000-${(this.records++).toString(16).padStart(12, '0')}`
    const time = new Date(at).toISOString()
    rows.push({ at, table, text: [id, this.projectId, ...who, time, time, ...own].join('\t') })
  }
}
