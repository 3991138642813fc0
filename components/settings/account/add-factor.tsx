'use client'

import { Button, Code, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { fieldMessages, isAtFields } from '@/components/settings/form-errors'
import { CodeInput } from '@/components/ui/code-input'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { addSecondFactor, beginSecondFactor, getSecondFactor } from '@/lib/access/second-factor/contract'
import { type OutputOf, send } from '@/lib/http/client'
import { QrCode } from './qr-code'

/** Adds a second factor: the password, then what the app has to read, then the first code that it shows. */
export function AddFactor() {
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (value) => (value ? null : 'Your password is needed') },
  })
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: (values: { password: string }) => send(beginSecondFactor, values),
    onError: (failed) => form.setErrors(fieldMessages(failed)),
  })
  if (data) return <FirstCode offered={data} />
  return (
    <form onSubmit={form.onSubmit((values) => mutate(values))} style={{ maxWidth: 420 }}>
      <Stack gap="sm">
        <Text size="sm">You sign in with a password alone. Whoever learns it can do what you can.</Text>
        {error && !isAtFields(error) && <ProblemAlert error={error} title="Nothing was begun" />}
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          {...form.getInputProps('password')}
        />
        <Group>
          <Button type="submit" loading={isPending}>
            Add a second factor
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function FirstCode({ offered }: { offered: OutputOf<typeof beginSecondFactor> }) {
  const client = useQueryClient()
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: (value) => (value.trim() ? null : 'The code is needed') },
  })
  const { mutate, error, isPending } = useMutation({
    mutationFn: ({ code }: { code: string }) => send(addSecondFactor, { ticket: offered.ticket, code }),
    onSuccess: () => {
      notifications.show({ color: 'tide', message: 'From now on you sign in with a code, too.' })
      return client.invalidateQueries({ queryKey: [getSecondFactor.id] })
    },
    onError: (failed) => form.setErrors(fieldMessages(failed)),
  })
  return (
    <form onSubmit={form.onSubmit((values) => mutate(values))} style={{ maxWidth: 420 }}>
      <Stack gap="sm">
        <Text size="sm">Read this with an app such as Aegis, Google Authenticator or 1Password:</Text>
        <QrCode text={offered.uri} label="QR code for your app" />
        <Text size="sm">
          Or type it: <Code style={{ overflowWrap: 'anywhere' }}>{offered.secret}</Code>
        </Text>
        {error && !isAtFields(error) && <ProblemAlert error={error} title="It was not added" />}
        <CodeInput label="The code that it shows" autoFocus {...form.getInputProps('code')} />
        <Group>
          <Button type="submit" loading={isPending}>
            Add it
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
