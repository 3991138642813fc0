import { randomUUID } from 'node:crypto'
import type { RecordRow } from '@/db/queries/analytics/insert-records'
import type { Project } from '@/lib/access/caller'
import type { EventRecord } from '@/lib/analytics/events/contract'
import type { FeatureRecord } from '@/lib/analytics/features/contract'
import type { StageRecord } from '@/lib/analytics/funnels/contract'
import type { Agent } from '@/lib/analytics/ingest/agent'
import type { Timing } from '@/lib/analytics/ingest/clock'
import type { StepRecord } from '@/lib/analytics/journeys/contract'
import type { CommonFields } from '@/lib/analytics/recording/contract'
import type { ResponseRecord } from '@/lib/analytics/satisfaction/contract'

/** What is known of a record besides what it says. */
export interface About {
  project: Project
  agent: Agent
  timing: Timing
  /** ISO. */
  receivedAt: string
}

/** A record of any kind. */
export type AnyRecord = EventRecord | FeatureRecord | StageRecord | StepRecord | ResponseRecord

/** The row that stores a record. */
export function rowOf(record: AnyRecord, about: About): RecordRow {
  const common = commonColumns(record, about)
  switch (record.kind) {
    case 'event':
      return { table: 'user_events', ...common, ...eventColumns(record, about.project) }
    case 'feature':
      return {
        table: 'feature_usage',
        ...common,
        feature: record.feature,
        category: record.category ?? null,
        action: record.action,
        durationMs: rounded(record.durationMs),
        success: record.success ?? null,
        error: record.error ?? null,
      }
    case 'stage': {
      const stage = 'stage' in record ? { stage: record.stage, stageOrder: record.stageOrder } : completion
      return {
        table: 'conversion_funnels',
        ...common,
        funnel: record.funnel,
        runId: runOf(record, common),
        completed: false,
        ...stage,
      }
    }
    case 'step': {
      const step = 'step' in record ? { step: record.step } : completion
      return {
        table: 'user_journeys',
        ...common,
        journey: record.journey,
        runId: runOf(record, common),
        completed: false,
        ...step,
      }
    }
    case 'response':
      return {
        table: 'user_satisfaction',
        ...common,
        survey: record.survey,
        score: record.score,
        question: record.question ?? null,
        response: record.response ?? null,
        context: record.context ?? null,
      }
  }
}

/** What a record that completes a run has instead of a stage or step. */
const completion = { completed: true }

const rounded = (ms: number | undefined): number | null => (ms === undefined ? null : Math.round(ms))

/** Without a `runId` a user has one run of each funnel and journey. */
const runOf = (record: { runId?: string }, { userId }: { userId: string }): string =>
  record.runId ?? `user:${userId}`

function commonColumns(record: CommonFields, { project, agent, timing, receivedAt }: About) {
  return {
    id: record.id?.toLowerCase() ?? randomUUID(),
    projectId: project.id,
    // The contract asks for one of the two.
    userId: (record.userId ?? record.anonymousId) as string,
    anonymousId: record.anonymousId ?? null,
    sessionId: record.sessionId ?? null,
    device: record.device ?? agent.device,
    browser: record.browser ?? agent.browser,
    os: record.os ?? agent.os,
    properties: record.properties ?? {},
    occurredAt: new Date(timing.at).toISOString(),
    receivedAt,
    timedByUs: record.id !== undefined && timing.ours,
    statedAt: timing.stated === undefined ? null : new Date(timing.stated).toISOString(),
  }
}

function eventColumns(record: EventRecord, { hashRoutes }: Project) {
  return {
    type: record.type ?? 'custom',
    // The contract asks for a name or a type.
    name: (record.name ?? record.type) as string,
    category: record.category ?? null,
    pageUrl: record.pageUrl ?? null,
    page: record.pageUrl === undefined ? null : pagePath(record.pageUrl, hashRoutes),
    pageTitle: record.pageTitle ?? null,
    referrer: record.referrer ?? null,
    durationMs: rounded(record.durationMs),
  }
}

/**
 * The path of an address, without origin, query and fragment; `/` where there is none.
 *
 * @param hashRoutes a route after the `#`, such as `#/cart` or `#!/cart`, is part of it, without its own query
 */
export function pagePath(pageUrl: string, hashRoutes = false): string {
  const path = pageUrl.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  const [route = ''] = (hashRoutes && /#!?\/[^?#]*/.exec(pageUrl)) || []
  return `${path.startsWith('/') ? path : `/${path}`}${route}`
}
