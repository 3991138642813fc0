'use client'

import { Anchor, Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { PageHeader } from '@/components/layout/page-header'
import { formatMoment } from '@/components/ui/format'
import { Rows } from '@/components/ui/grid'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { StatusBadge } from '@/components/ui/status-badge'
import { query } from '@/lib/http/client'
import { getJournal, type Journal } from '@/lib/recovery/journal/contract'
import { journalInput } from './inputs'
import { journalParsers } from './search-params'

const EVERY_MS = 5_000

/** Everything that was done to the cluster from here, by whom and why; the chain of hashes is verified at each look. */
export function JournalPanel() {
  const [asked, setAsked] = useQueryStates(journalParsers)
  const { data, error, refetch, isFetching } = useQuery({
    ...query(getJournal, journalInput(asked)),
    refetchInterval: EVERY_MS,
    retry: false,
  })
  const oldest = data?.entries.at(-1)?.seq ?? 1
  return (
    <>
      <PageHeader
        title="Journal"
        lead="Every recovery action, kept on this machine’s disk, and copied into the database."
      >
        {data && (
          <Text size="sm" c="dimmed">
            {copiedWords(data)}
          </Text>
        )}
        {data && (
          <StatusBadge
            status={data.verified ? 'pass' : 'fail'}
            label={data.verified ? 'The chain is whole' : `Changed or cut at entry ${data.brokenAt}`}
          />
        )}
      </PageHeader>
      <Rows>
        {error && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {asked.operationId && (
          <Anchor component={Link} href="/recovery/journal" size="sm">
            Show all entries
          </Anchor>
        )}
        {data ? (
          <>
            <Panel
              title={asked.operationId ? 'Entries of one operation' : 'Entries'}
              csv="journal"
              table={{
                caption: 'Entries of the journal, newest first',
                empty: 'Nothing was done yet',
                rows: data.entries,
                rowKey: (entry) => String(entry.seq),
                columns: [
                  { title: 'No.', right: true, value: (entry) => entry.seq },
                  {
                    title: 'When (UTC)',
                    nowrap: true,
                    minor: true,
                    value: (entry) => entry.at,
                    show: (entry) => formatMoment(entry.at, 'UTC'),
                  },
                  { title: 'What', value: (entry) => entry.kind },
                  { title: 'Who', value: (entry) => entry.actor, minor: true },
                  { title: 'Message', wide: true, value: (entry) => entry.message },
                  {
                    title: 'Hash',
                    minor: true,
                    value: (entry) => entry.hash,
                    show: (entry) => <code>{entry.hash.slice(0, 10)}</code>,
                  },
                ],
              }}
            />
            <Group gap="xs">
              {asked.before !== null && (
                <Button variant="default" size="xs" onClick={() => void setAsked({ before: null })}>
                  Newest
                </Button>
              )}
              {oldest > 1 && data.entries.length > 0 && !asked.operationId && (
                <Button variant="default" size="xs" onClick={() => void setAsked({ before: oldest })}>
                  Older
                </Button>
              )}
            </Group>
          </>
        ) : (
          !error && <BodySkeleton />
        )}
      </Rows>
    </>
  )
}

function copiedWords({ mirrored, total }: Journal): string {
  if (mirrored === null) return 'No database answers: kept on disk alone'
  if (mirrored >= total) return 'All of it is in the database, too'
  return `${mirrored} of ${total} entries are in the database, too`
}
