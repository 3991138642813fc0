import { randomUUID } from 'node:crypto'
import type { EventRow } from '@/db/queries/analytics/insert-events'
import type { EventRecord } from '@/lib/analytics/events/contract'
import type { Agent } from '@/lib/analytics/ingest/agent'
import type { Timing } from '@/lib/analytics/ingest/clock'

/** The row that stores an event. */
export function eventRow(
  record: Omit<EventRecord, 'kind'>,
  about: { projectId: string; agent: Agent; timing: Timing; receivedAt: string },
): EventRow {
  return {
    id: record.id?.toLowerCase() ?? randomUUID(),
    projectId: about.projectId,
    // The contract asks for one of the two.
    userId: (record.userId ?? record.anonymousId) as string,
    anonymousId: record.anonymousId ?? null,
    sessionId: record.sessionId ?? null,
    device: record.device ?? about.agent.device,
    browser: record.browser ?? about.agent.browser,
    os: record.os ?? about.agent.os,
    properties: record.properties ?? {},
    occurredAt: new Date(about.timing.at).toISOString(),
    receivedAt: about.receivedAt,
    type: record.type ?? 'custom',
    // The contract asks for a name or a type.
    name: (record.name ?? record.type) as string,
    category: record.category ?? null,
    pageUrl: record.pageUrl ?? null,
    page: record.pageUrl === undefined ? null : pagePath(record.pageUrl),
    pageTitle: record.pageTitle ?? null,
    referrer: record.referrer ?? null,
    durationMs: record.durationMs === undefined ? null : Math.round(record.durationMs),
    timedByUs: record.id !== undefined && about.timing.ours,
  }
}

/** The path of an address, without origin, query and fragment; `/` where there is none. */
export function pagePath(pageUrl: string): string {
  const path = pageUrl.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  return path.startsWith('/') ? path : `/${path}`
}
