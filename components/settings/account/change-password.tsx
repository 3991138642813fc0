'use client'

import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { fieldMessages, isAtFields } from '@/components/settings/form-errors'
import { CodeInput } from '@/components/ui/code-input'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { PASSWORD_LENGTH } from '@/lib/access/invitations/contract'
import { changePassword } from '@/lib/access/password/contract'
import { atBase } from '@/lib/http/base-path'
import { send } from '@/lib/http/client'

/** Changes the password, which signs out everywhere. @param coded a code is wanted, too */
export function ChangePassword({ coded }: { coded: boolean }) {
  const form = useForm({
    initialValues: { password: '', next: '', again: '', code: '' },
    validate: {
      password: (value) => (value ? null : 'Your password is needed'),
      next: (value) => (value.length < PASSWORD_LENGTH ? `At least ${PASSWORD_LENGTH} characters` : null),
      again: (value, { next }) => (value === next ? null : 'This is another one'),
      code: (value) => (coded && !value.trim() ? 'The code is needed' : null),
    },
  })
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: ({ password, next, code }: typeof form.values) =>
      send(changePassword, { password, next, ...(code && { code }) }),
    // A whole load, so that nothing of the session that has ended stays.
    onSuccess: () => window.location.assign(atBase('/sign-in')),
    onError: (failed) => form.setErrors(fieldMessages(failed)),
  })
  return (
    <form onSubmit={form.onSubmit((values) => mutate(values))} style={{ maxWidth: 420 }}>
      <Stack gap="sm">
        {error && !isAtFields(error) && <ProblemAlert error={error} title="The password is the old one" />}
        <PasswordInput
          label="Your password now"
          autoComplete="current-password"
          {...form.getInputProps('password')}
        />
        <PasswordInput
          label="The new one"
          description={`At least ${PASSWORD_LENGTH} characters; a sentence is easy to keep in mind`}
          autoComplete="new-password"
          {...form.getInputProps('next')}
        />
        <PasswordInput label="Once more" autoComplete="new-password" {...form.getInputProps('again')} />
        {coded && <CodeInput {...form.getInputProps('code')} />}
        <Text size="xs" c="dimmed">
          You are signed out everywhere, here as well, and sign in with the new one.
        </Text>
        <Group>
          <Button type="submit" loading={isPending || isSuccess}>
            Change the password
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
