'use client'

import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { fieldMessages, isAtFields } from '@/components/settings/form-errors'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { send } from '@/lib/http/client'
import { createRestorePoint, listBackups } from '@/lib/recovery/backups/contract'

/** Gives this moment a name that can be recovered to. */
export function NameMoment({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const client = useQueryClient()
  const form = useForm({
    initialValues: { name: '' },
    validate: {
      name: (value) =>
        /^[a-z0-9][a-z0-9._-]{0,62}$/.test(value)
          ? null
          : 'Lower-case letters, digits, dots, dashes; 63 at the most',
    },
  })
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: ({ name }: typeof form.values) => send(createRestorePoint, { name }),
    onSuccess: ({ name, lsn }) => {
      notifications.show({ color: 'tide', message: `This moment is named ${name}, at ${lsn}.` })
      void client.invalidateQueries({ queryKey: [listBackups.id] })
      close()
    },
    onError: (failed) => form.setErrors(fieldMessages(failed)),
  })
  const close = () => {
    onClose()
    form.reset()
    reset()
  }
  return (
    <Modal opened={opened} onClose={close} title="Name this moment">
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack gap="sm">
          {error && !isAtFields(error) && <ProblemAlert error={error} title="Nothing was named" />}
          <Text size="sm">
            A mark is written into the WAL. A restore to it brings back everything that was acknowledged
            before, and nothing after.
          </Text>
          <TextInput
            label="Name"
            placeholder="before-release-12"
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending}>
              Name this moment
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
