'use client'

import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useConfirm } from '@/components/ui/confirm'
import type { Column } from '@/components/ui/data-table'
import { formatMoment, NONE } from '@/components/ui/format'
import { later } from '@/components/ui/later'
import { Panel } from '@/components/ui/panel'
import { detailOf, ProblemAlert } from '@/components/ui/problem-alert'
import { query, send } from '@/lib/http/client'
import {
  type Channel,
  deleteChannel,
  listChannels,
  testChannel,
} from '@/lib/recovery/alerts/channels/contract'
import { useAlertChange } from './use-alert-change'

const ChannelForm = later(() => import('./channel-form').then((loaded) => loaded.ChannelForm))

const EVERY_MS = 5_000
const kindWords = { webhook: 'Webhook', slack: 'Slack', email: 'E-mail' }

/** Where alerts are delivered to, and how that goes; for admins, who alone may see it. */
export function Channels() {
  const [edited, setEdited] = useState<Channel | 'new'>()
  const confirm = useConfirm()
  const { data, error, refetch } = useQuery({
    ...query(listChannels, {}),
    refetchInterval: EVERY_MS,
    retry: false,
  })
  const remove = useAlertChange((id: string) => send(deleteChannel, { id }), 'The channel is deleted.')
  const ask = (channel: Channel) =>
    confirm({
      title: `Delete ${channel.name}?`,
      children: (
        <Text size="sm">
          It is told nothing any more, and does not get what waits for it. Its address and secrets are
          deleted.
        </Text>
      ),
      confirm: 'Delete the channel',
      cancel: 'Keep it',
      onConfirm: () => remove.mutate(channel.id),
    })
  if (error && !data) return <ProblemAlert error={error} retry={() => void refetch()} />
  return (
    <>
      <Panel
        title="Channels"
        definition="Each channel gets every alert once when it fires, when its level changes and when it resolves. What cannot be delivered is tried again for 6 hours."
        tools={
          <Button size="xs" leftSection={<IconPlus size={15} />} onClick={() => setEdited('new')}>
            Add a channel
          </Button>
        }
        table={{
          caption: 'Channels',
          columns: columnsFor(setEdited, ask),
          rows: data?.channels ?? [],
          rowKey: (channel) => channel.id,
          empty:
            'Nobody is told yet: add a webhook, Slack or e-mail. Until then alerts show only here and in the banner.',
        }}
      />
      {edited && (
        <ChannelForm channel={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </>
  )
}

function columnsFor(edit: (channel: Channel) => void, remove: (channel: Channel) => void): Column<Channel>[] {
  return [
    { title: 'Name', value: ({ name }) => name, onPick: (channel) => () => edit(channel) },
    { title: 'Kind', value: ({ kind }) => kind, show: ({ kind }) => kindWords[kind], minor: true },
    { title: 'To', minor: true, value: ({ destination }) => destination },
    { title: 'State', wide: true, value: ({ error }) => error, show: stateOf, minor: true },
    {
      title: 'Delivered (UTC)',
      minor: true,
      nowrap: true,
      value: ({ deliveredAt }) => deliveredAt,
      show: ({ deliveredAt }) => (deliveredAt ? formatMoment(deliveredAt, 'UTC') : NONE),
    },
    {
      title: 'Actions',
      right: true,
      value: () => null,
      show: (channel) => (
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <TestButton channel={channel} />
          <Button
            size="compact-xs"
            variant="default"
            c="var(--hf-bad)"
            aria-label={`Delete ${channel.name}`}
            onClick={() => remove(channel)}
          >
            Delete
          </Button>
        </Group>
      ),
    },
  ]
}

function stateOf({ enabled, error, waiting }: Channel) {
  if (!enabled) return 'off'
  if (error === null) return waiting > 0 ? `${waiting} under way` : 'works'
  return (
    <Text span inherit c="var(--hf-bad)">
      {error}; {waiting} waiting
    </Text>
  )
}

function TestButton({ channel: { id, name } }: { channel: Channel }) {
  const { mutate, isPending } = useMutation({
    mutationFn: () => send(testChannel, { id }),
    onSuccess: ({ delivered, message }) =>
      notifications.show({ color: delivered ? 'tide' : 'red', title: `Test of ${name}`, message }),
    onError: (error) =>
      notifications.show({ color: 'red', title: `Test of ${name}`, message: detailOf(error) }),
  })
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={isPending}
      aria-label={`Test ${name}`}
      onClick={() => mutate()}
    >
      Test
    </Button>
  )
}
