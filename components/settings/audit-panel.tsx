'use client'

import { Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { PageHeader } from '@/components/layout/page-header'
import { useProject } from '@/components/layout/project-select'
import type { Column } from '@/components/ui/data-table'
import { formatMoment } from '@/components/ui/format'
import { Rows } from '@/components/ui/grid'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { ACTIONS, type Action, type AuditEntry, listAuditEntries } from '@/lib/access/audit/contract'
import { query } from '@/lib/http/client'
import { auditInput, auditParsers } from './inputs'

/** Who changed what of accounts, projects and keys. */
export function AuditPanel() {
  const [{ before }, setAsked] = useQueryStates(auditParsers)
  const { data, error, refetch, isFetching } = useQuery(query(listAuditEntries, auditInput(before)))
  const { projects } = useProject()
  const last = data?.entries.at(-1)
  return (
    <>
      <PageHeader
        title="Audit log"
        lead="Who changed what of accounts, projects and keys. What is done to the cluster is in the journal."
      />
      <Rows>
        {error && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {!data && !error && <BodySkeleton />}
        {data && (
          <Panel
            title="Entries"
            definition="Each entry was written in the transaction of what it tells, so that there is neither without the other."
            csv="audit"
            table={{
              caption: 'Entries of the audit log, newest first',
              empty: 'Nothing was changed yet',
              columns: columnsFor((id) => projects.find((one) => one.id === id)?.name ?? id),
              rows: data.entries,
              rowKey: ({ id }) => String(id),
            }}
          />
        )}
        <Group gap="xs">
          {before !== null && (
            <Button variant="default" size="xs" onClick={() => void setAsked({ before: null })}>
              Newest
            </Button>
          )}
          {last && !data?.oldest && (
            <Button variant="default" size="xs" onClick={() => void setAsked({ before: last.id })}>
              Older
            </Button>
          )}
        </Group>
      </Rows>
    </>
  )
}

function columnsFor(nameOf: (projectId: string) => string): Column<AuditEntry>[] {
  return [
    {
      title: 'When (UTC)',
      nowrap: true,
      minor: true,
      value: ({ at }) => at,
      show: ({ at }) => formatMoment(at, 'UTC'),
    },
    { title: 'Who', value: ({ actor }) => actor },
    { title: 'What', value: ({ action }) => ACTIONS[action as Action] ?? action },
    { title: 'Whom or which', value: ({ subject }) => subject },
    { title: 'Detail', wide: true, minor: true, value: ({ detail }) => wordsOf(detail, nameOf) },
  ]
}

/** `role: viewer → operator; memberships: Demo viewer`. */
function wordsOf(detail: AuditEntry['detail'], nameOf: (projectId: string) => string): string {
  const wordOf = (value: unknown): string => {
    if (value === null) return 'none'
    if (Array.isArray(value)) return value.map(wordOf).join(', ') || 'none'
    if (typeof value !== 'object') return String(value)
    const { from, to, projectId, role } = value as Record<string, unknown>
    if (projectId !== undefined) return `${nameOf(String(projectId))} ${role}`
    return `${wordOf(from)} → ${wordOf(to)}`
  }
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${wordOf(value)}`)
    .join('; ')
}
