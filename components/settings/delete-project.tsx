'use client'

import { Button, Group, Text } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { later } from '@/components/ui/later'
import { Panel } from '@/components/ui/panel'
import { deleteProject, listProjects, type ProjectItem } from '@/lib/access/projects/contract'
import { type OutputOf, send } from '@/lib/http/client'

const TypedConfirm = later(() =>
  import('@/components/ui/typed-confirm').then((loaded) => loaded.TypedConfirm),
)

interface DeleteProjectProps {
  project: ProjectItem
  onDeleted: (receipt: OutputOf<typeof deleteProject>) => void
}

/** Deletes a project with everything in it, once its name was typed. */
export function DeleteProject({ project, onDeleted }: DeleteProjectProps) {
  const client = useQueryClient()
  const [opened, setOpened] = useState(false)
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: () => send(deleteProject, { id: project.id, confirm: project.name }),
    onSuccess: async (receipt) => {
      onDeleted(receipt)
      await client.invalidateQueries({ queryKey: [listProjects.id] })
    },
  })
  const close = () => {
    reset()
    setOpened(false)
  }
  return (
    <Panel title="Delete this project">
      <Text size="sm" mb="sm" maw={620}>
        Its records, what was counted from them, its keys, funnels, surveys and alerts go with it, for good.
        To keep the records, export them first.
      </Text>
      <Group>
        <Button
          variant="default"
          c="var(--hf-bad)"
          leftSection={<IconTrash size={16} />}
          onClick={() => setOpened(true)}
        >
          Delete {project.name}
        </Button>
      </Group>
      <TypedConfirm
        opened={opened}
        onClose={close}
        title={`Delete ${project.name}?`}
        expected={project.name}
        label="Type the project’s name to confirm"
        keep="Keep the project"
        act="Delete the project"
        onAct={mutate}
        isPending={isPending}
        error={error}
      >
        <Text size="sm">
          All that was ever recorded in <b>{project.name}</b> is deleted, and apps that record into it are
          refused from then on. This takes a while where there is much, and cannot be undone.
        </Text>
      </TypedConfirm>
    </Panel>
  )
}
