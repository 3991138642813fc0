'use client'

import { Button, Skeleton, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useQueryState } from 'nuqs'
import { useState } from 'react'
import { rangeParsers } from '@/components/analytics/search-params'
import { PageHeader } from '@/components/layout/page-header'
import { useConfirm } from '@/components/ui/confirm'
import type { Column } from '@/components/ui/data-table'
import { formatDay } from '@/components/ui/format'
import { Rows } from '@/components/ui/grid'
import { later } from '@/components/ui/later'
import { Panel } from '@/components/ui/panel'
import { detailOf, ProblemAlert } from '@/components/ui/problem-alert'
import { type Key, listKeys, revokeKey } from '@/lib/access/keys/contract'
import { query, send } from '@/lib/http/client'
import { keysInput } from './inputs'

const CreateKey = later(() => import('./create-key').then((loaded) => loaded.CreateKey))

/** The keys of the project: what apps send with, and what servers read with. */
export function KeysPanel({ mayChange }: { mayChange: boolean }) {
  const [project] = useQueryState('project', rangeParsers.project)
  const [creating, setCreating] = useState(false)
  const { data, error, refetch, isFetching } = useQuery(query(listKeys, keysInput(project)))
  const revoke = useRevoke()
  return (
    <>
      <PageHeader
        title="Keys"
        lead={mayChange ? undefined : 'Only an admin makes and revokes keys; you see them.'}
      >
        {mayChange && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
            Create a key
          </Button>
        )}
      </PageHeader>
      <Rows>
        {error && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {!data && !error && <Skeleton h={240} radius="lg" />}
        {data && (
          <Panel
            title="Keys of this project"
            definition="A write key can only record, so it may stand in a web page. A secret key can read as well: it stays on servers. Keys are stored hashed."
            table={{
              caption: 'Keys',
              columns: columnsFor(mayChange ? revoke : undefined),
              rows: data.keys,
              rowKey: (key) => key.id,
              empty: mayChange ? 'No keys yet: create a write key and put it into your app.' : 'No keys yet.',
            }}
          />
        )}
      </Rows>
      {mayChange && (
        <CreateKey project={project ?? undefined} opened={creating} onClose={() => setCreating(false)} />
      )}
    </>
  )
}

/** Asks before it revokes, and says what happened. */
function useRevoke() {
  const confirm = useConfirm()
  const client = useQueryClient()
  const { mutate } = useMutation({
    mutationFn: (key: Key) => send(revokeKey, { id: key.id }),
    onSuccess: (_answer, key) => notifications.show({ color: 'tide', message: `${key.name} is revoked.` }),
    onError: (error, key) =>
      notifications.show({ color: 'red', title: `${key.name} was not revoked`, message: detailOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: [listKeys.id] }),
  })
  return (key: Key) =>
    confirm({
      title: `Revoke ${key.name}?`,
      children: (
        <Text size="sm">
          Everything that still sends with {key.hint}… gets 401 from now on, within 5 seconds on every server,
          and {key.kind === 'write' ? 'its records are lost' : 'can no longer read'}. Records that it sent
          before stay. This cannot be undone.
        </Text>
      ),
      confirm: 'Revoke the key',
      cancel: 'Keep it',
      onConfirm: () => mutate(key),
    })
}

function columnsFor(revoke: ((key: Key) => void) | undefined): Column<Key>[] {
  const columns: Column<Key>[] = [
    { title: 'Name', wide: true, value: (key) => key.name },
    { title: 'Key', value: (key) => key.hint, show: (key) => <code>{key.hint}…</code>, nowrap: true },
    { title: 'Kind', minor: true, value: (key) => key.kind },
    { title: 'Requests a second', right: true, minor: true, value: (key) => key.ratePerSecond },
    {
      title: 'Created (UTC)',
      minor: true,
      value: (key) => key.createdAt,
      show: (key) => formatDay(key.createdAt, 'UTC'),
      nowrap: true,
    },
    { title: 'By', minor: true, value: (key) => key.createdBy },
    {
      title: 'State',
      minor: true,
      value: (key) => key.revokedAt,
      show: (key) => (key.revokedAt ? `revoked ${formatDay(key.revokedAt, 'UTC')}` : 'in use'),
      nowrap: true,
    },
  ]
  if (!revoke) return columns
  const action: Column<Key> = {
    title: 'Action',
    right: true,
    value: () => null,
    show: (key) =>
      key.revokedAt ? (
        'revoked'
      ) : (
        <Button
          size="compact-xs"
          variant="default"
          c="var(--hf-bad)"
          aria-label={`Revoke ${key.name}`}
          onClick={() => revoke(key)}
        >
          Revoke
        </Button>
      ),
  }
  return [...columns, action]
}
