'use client'

import { NumberInput, PasswordInput, SimpleGrid, Switch, TagsInput, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { Channel } from '@/lib/recovery/alerts/channels/contract'
import type { ChannelValues } from './channel-values'

interface FieldsProps {
  form: UseFormReturnType<ChannelValues>
  channel: Channel | undefined
}

const secretNote = (isKept: boolean | undefined): string =>
  isKept ? 'Leave it empty to keep the one that is there' : ''

/** The address of a webhook, ours or Slack's: it is a secret itself, so it is not shown again. */
export function AddressFields({ form, channel }: FieldsProps) {
  const isSlack = form.values.kind === 'slack'
  const isSame = channel?.kind === form.values.kind
  return (
    <>
      <TextInput
        label="Address"
        description={
          isSame
            ? `Leave it empty to keep the one at ${channel?.destination}`
            : isSlack
              ? 'An incoming webhook of Slack, or of what speaks its format'
              : 'Gets a POST with JSON'
        }
        placeholder={isSlack ? 'https://hooks.slack.com/services/…' : 'https://…'}
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('url')}
      />
      {!isSlack && (
        <PasswordInput
          label="Signing secret"
          description={
            secretNote(isSame && channel?.hasSecret) ||
            'Optional: signs the body with HMAC-SHA256, in X-Holdfast-Signature'
          }
          autoComplete="new-password"
          {...form.getInputProps('secret')}
        />
      )}
    </>
  )
}

/** The SMTP server, and who gets the mail. */
export function MailFields({ form, channel }: FieldsProps) {
  return (
    <>
      <TagsInput
        label="To"
        description="Press Enter after each address"
        splitChars={[',', ' ', ';']}
        acceptValueOnBlur
        {...form.getInputProps('to')}
      />
      <TextInput label="From" autoComplete="off" {...form.getInputProps('from')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label="SMTP server"
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('host')}
        />
        <NumberInput label="Port" min={1} max={65_535} allowDecimal={false} {...form.getInputProps('port')} />
        <TextInput
          label="User"
          description="Empty for none"
          autoComplete="off"
          {...form.getInputProps('user')}
        />
        <PasswordInput
          label="Password"
          description={secretNote(channel?.hasSecret) || 'Empty for none'}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
      </SimpleGrid>
      <Switch
        label="TLS from the first byte (port 465)"
        {...form.getInputProps('tls', { type: 'checkbox' })}
      />
    </>
  )
}
