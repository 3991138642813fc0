'use client'

import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconKey } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CodeLines } from '@/components/ui/empty-state'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { createKey, listKeys } from '@/lib/access/keys/contract'
import { send } from '@/lib/http/client'
import { scriptTag } from './recipes'
import type { InstallKey } from './use-install-key'

interface SnippetProps {
  project: string | undefined
  address: string
  installKey: InstallKey
  mayChange: boolean
}

/** The one line that an app needs, and the key in it. */
export function Snippet({ project, address, installKey, mayChange }: SnippetProps) {
  const { text, fault, made, shown, given, paste, take } = installKey
  const client = useQueryClient()
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => send(createKey, { project, kind: 'write', name: 'Tracker' }),
    onSuccess: ({ secret }) => take(secret),
    onSettled: () => client.invalidateQueries({ queryKey: [listKeys.id] }),
  })
  return (
    <Panel
      title="The line for your pages"
      definition="It loads the tracker, which records page views by itself and keeps every record in the browser until this server has acknowledged it. A write key can only record, so it may stand in a page."
    >
      <Stack gap="sm">
        <CodeLines code={scriptTag(address, shown)} label="Copy the line" />
        {error && <ProblemAlert error={error} title="The key was not made" />}
        {made && (
          <Alert color="yellow" variant="outline" icon={<IconAlertTriangle size={18} />} title="Copy it now">
            The new key stands in every line on this page until you leave it. Only its hash is stored, so it
            cannot be shown again.
          </Alert>
        )}
        {!made && (
          <Group align="flex-start" gap="sm">
            {mayChange && (
              <Button
                mt={24}
                leftSection={<IconKey size={16} />}
                loading={isPending}
                disabled={given}
                onClick={() => mutate()}
              >
                Make a write key
              </Button>
            )}
            <TextInput
              flex={1}
              miw={220}
              maw={460}
              label={mayChange ? 'Or paste one that you have' : 'Paste a write key'}
              placeholder="wk_…"
              autoComplete="off"
              spellCheck={false}
              value={text}
              error={fault}
              onChange={(event) => paste(event.currentTarget.value)}
            />
          </Group>
        )}
        {!made && (
          <Text size="xs" c="dimmed">
            Keys are stored hashed, so one that exists cannot be shown. What you paste stays on this page.
            {!mayChange && ' Only an admin makes keys.'}
          </Text>
        )}
      </Stack>
    </Panel>
  )
}
