'use client'

import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { fieldMessages, isAtFields } from '@/components/settings/form-errors'
import { CodeInput } from '@/components/ui/code-input'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { getSecondFactor, removeSecondFactor } from '@/lib/access/second-factor/contract'
import { send } from '@/lib/http/client'

/** Takes the second factor away, such as for another phone. */
export function RemoveFactor() {
  const client = useQueryClient()
  const form = useForm({
    initialValues: { password: '', code: '' },
    validate: {
      password: (value) => (value ? null : 'Your password is needed'),
      code: (value) => (value.trim() ? null : 'The code is needed'),
    },
  })
  const { mutate, error, isPending } = useMutation({
    mutationFn: (values: typeof form.values) => send(removeSecondFactor, values),
    onSuccess: () => {
      notifications.show({ color: 'tide', message: 'You sign in with a password alone again.' })
      return client.invalidateQueries({ queryKey: [getSecondFactor.id] })
    },
    onError: (failed) => form.setErrors(fieldMessages(failed)),
  })
  return (
    <form onSubmit={form.onSubmit((values) => mutate(values))} style={{ maxWidth: 420 }}>
      <Stack gap="sm">
        <Text size="sm">
          You sign in with a password and a code. For another phone, remove it here and add it again. An admin
          can remove it for who has lost theirs.
        </Text>
        {error && !isAtFields(error) && <ProblemAlert error={error} title="It was not removed" />}
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          {...form.getInputProps('password')}
        />
        <CodeInput {...form.getInputProps('code')} />
        <Group>
          <Button type="submit" variant="default" c="var(--hf-bad)" loading={isPending}>
            Remove the second factor
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
