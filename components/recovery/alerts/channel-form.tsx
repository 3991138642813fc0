'use client'

import { Button, Checkbox, Group, Modal, SegmentedControl, Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { isAtFields } from '@/components/settings/form-errors'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { RequestError, send } from '@/lib/http/client'
import { type Channel, saveChannel } from '@/lib/recovery/alerts/channels/contract'
import { type ChannelValues, targetOf, valuesOf } from './channel-values'
import { AddressFields, MailFields } from './target-fields'
import { useAlertChange } from './use-alert-change'

/** Makes a channel, or changes one; a secret that is left empty stays as it is. */
export function ChannelForm({ channel, onClose }: { channel: Channel | undefined; onClose: () => void }) {
  const form = useForm<ChannelValues>({
    initialValues: valuesOf(channel),
    validate: {
      name: (value) => (value.trim() ? null : 'A name is needed'),
      // One that is kept already need not be typed again.
      url: (value, { kind }) =>
        value || kind === 'email' || kind === channel?.kind ? null : 'An address is needed',
      to: (value, { kind }) => (kind !== 'email' || value.length > 0 ? null : 'Somebody has to get it'),
      tells: (value) => (value.length > 0 ? null : 'It has to be told something'),
      host: (value, { kind }) => (kind !== 'email' || value.trim() ? null : 'A server is needed'),
    },
  })
  const { mutate, error, isPending } = useAlertChange(
    (values: ChannelValues) =>
      send(saveChannel, {
        id: channel?.id ?? crypto.randomUUID(),
        name: values.name,
        enabled: values.enabled,
        tells: values.tells,
        target: targetOf(values),
      }),
    channel ? 'The channel is saved.' : 'The channel is made: test it now.',
    { onSuccess: onClose, onError: (failed) => form.setErrors(messagesOf(failed)) },
  )
  const { kind } = form.values
  return (
    <Modal opened onClose={onClose} title={channel ? `Change ${channel.name}` : 'Add a channel'} size="lg">
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack gap="sm">
          {error && !isAtFields(error) && <ProblemAlert error={error} title="Nothing was saved" />}
          <SegmentedControl
            aria-label="Kind"
            data={[
              { value: 'webhook', label: 'Webhook' },
              { value: 'slack', label: 'Slack' },
              { value: 'email', label: 'E-mail' },
            ]}
            w="fit-content"
            {...form.getInputProps('kind')}
          />
          <TextInput
            label="Name"
            description="Whom it reaches, such as On call"
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('name')}
          />
          {kind === 'email' ? (
            <MailFields form={form} channel={channel} />
          ) : (
            <AddressFields form={form} channel={channel} />
          )}
          <Checkbox.Group label="It is told of" {...form.getInputProps('tells')}>
            <Group gap="lg" mt={6}>
              <Checkbox value="cluster" label="Alerts on the cluster" />
              <Checkbox value="metrics" label="Metric alerts of the projects" />
            </Group>
          </Checkbox.Group>
          <Switch label="Deliver to it" {...form.getInputProps('enabled', { type: 'checkbox' })} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending}>
              {channel ? 'Save' : 'Add the channel'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** The server names fields of the target as `target.url`, and one of several mailboxes as `target.to.1`. */
function messagesOf(error: Error): Record<string, string> {
  if (!(error instanceof RequestError)) return {}
  return Object.fromEntries(
    error.errors.map(({ path, message }) => [path.replace(/^target\./, '').split('.')[0] ?? '', message]),
  )
}
