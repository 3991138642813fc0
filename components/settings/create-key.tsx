'use client'

import { Button, Group, Modal, NumberInput, Radio, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { createKey, listKeys } from '@/lib/access/keys/contract'
import { type InputOf, send } from '@/lib/http/client'
import { fieldMessages, isAtFields } from './form-errors'
import { RevealOnce } from './reveal-once'

interface CreateKeyProps {
  project?: string
  opened: boolean
  onClose: () => void
}

/** Makes a key, and shows it once. */
export function CreateKey({ project, opened, onClose }: CreateKeyProps) {
  const client = useQueryClient()
  const form = useForm({
    initialValues: {
      name: '',
      kind: 'write' as 'write' | 'secret',
      ratePerSecond: 20_000 as number | string,
    },
    validate: {
      name: (value) => (value.trim() ? null : 'A name is needed'),
      ratePerSecond: (value) => (Number(value) >= 1 ? null : 'At least 1'),
    },
  })
  const { mutate, data, error, isPending, reset } = useMutation({
    mutationFn: (input: InputOf<typeof createKey>) => send(createKey, input),
    onSuccess: () => client.invalidateQueries({ queryKey: [listKeys.id] }),
    onError: (failed) => form.setErrors(fieldMessages(failed)),
  })
  const close = () => {
    onClose()
    form.reset()
    reset()
  }
  const submit = form.onSubmit((values) =>
    mutate({ ...values, ratePerSecond: Number(values.ratePerSecond), project }),
  )
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={data ? `${data.key.name} is ready` : 'Create a key'}
      size="lg"
      // What is shown once must not vanish by a slip.
      closeOnClickOutside={!data}
      closeOnEscape={!data}
    >
      {data ? (
        <RevealOnce secret={data.secret} noun="key" onDone={close}>
          You will not see it again: only its hash is stored.
          {data.key.kind === 'secret' && ' It can read everything in this project; keep it on servers.'}
        </RevealOnce>
      ) : (
        <form onSubmit={submit}>
          <Stack gap="sm">
            {error && !isAtFields(error) && <ProblemAlert error={error} title="The key was not made" />}
            <TextInput
              label="Name"
              description="Where it is used, such as Web shop"
              data-autofocus
              {...form.getInputProps('name')}
            />
            <Radio.Group label="Kind" {...form.getInputProps('kind')}>
              <Stack gap={6} mt={6}>
                <Radio value="write" label="Write key: can only record; safe in a web page or an app" />
                <Radio value="secret" label="Secret key: records and reads; for servers only" />
              </Stack>
            </Radio.Group>
            <NumberInput
              label="Requests a second"
              description="More than this gets 429 with Retry-After; one request may hold 1,000 records"
              min={1}
              max={100_000}
              thousandSeparator=","
              allowDecimal={false}
              {...form.getInputProps('ratePerSecond')}
            />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={isPending}>
                Create the key
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
