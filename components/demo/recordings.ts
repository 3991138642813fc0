'use client'

import { useSyncExternalStore } from 'react'
import type { Outgoing } from '@/lib/tracker/types'

/** The name that `data-before-send` gives to the tracker. */
export const BEFORE_SEND = 'saltmarshSees'
const SHOWN = 12

export interface Seen {
  id: string
  kind: string
  title: string
  detail: string
  occurredAt: string
}

interface Recordings {
  /** Since the page was loaded. */
  count: number
  /** Newest first. */
  latest: Seen[]
}

const none: Recordings = { count: 0, latest: [] }
let recordings = none
const listeners = new Set<() => void>()

/** Sees every record before it is kept, and lets it pass as it is. */
function see(record: Outgoing): Outgoing {
  const seen = { id: record.id, kind: record.kind, occurredAt: record.occurredAt, ...wordsOf(record) }
  recordings = { count: recordings.count + 1, latest: [seen, ...recordings.latest].slice(0, SHOWN) }
  // The tracker may call in the midst of a render.
  queueMicrotask(() => {
    for (const listener of listeners) listener()
  })
  return record
}

if (typeof window !== 'undefined') (window as unknown as Record<string, unknown>)[BEFORE_SEND] = see

function wordsOf(record: Outgoing): { title: string; detail: string } {
  const text = (key: string) => (typeof record[key] === 'string' ? (record[key] as string) : '')
  switch (record.kind) {
    case 'feature':
      return { title: text('feature'), detail: [text('action'), text('error')].filter(Boolean).join(': ') }
    case 'stage':
      return { title: text('stage') || 'completed', detail: `funnel ${text('funnel')}` }
    case 'step':
      return { title: text('step') || 'completed', detail: `journey ${text('journey')}` }
    case 'response':
      return { title: `${text('survey')} ${String(record.score ?? '')}`, detail: text('response') }
    default:
      return { title: text('name') || text('type'), detail: pathOf(text('pageUrl')) }
  }
}

const pathOf = (address: string): string => (URL.canParse(address) ? new URL(address).pathname : address)

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What this page has recorded since it was loaded. */
export const useRecordings = (): Recordings =>
  useSyncExternalStore(
    subscribe,
    () => recordings,
    () => none,
  )
