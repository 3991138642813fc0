'use client'

import { Button, Group, Modal, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { createProject, listProjects } from '@/lib/access/projects/contract'
import { send } from '@/lib/http/client'
import { fieldMessages, isAtFields } from './form-errors'
import { ProjectFields, type ProjectValues, toInput } from './project-fields'

interface CreateProjectProps {
  opened: boolean
  onClose: () => void
  onMade: (id: string, name: string) => void
}

/** Makes a project. */
export function CreateProject({ opened, onClose, onMade }: CreateProjectProps) {
  const client = useQueryClient()
  const form = useForm<ProjectValues>({
    initialValues: {
      name: '',
      allowedOrigins: [],
      timezone: 'UTC',
      retentionDays: '',
      dropBots: true,
      allowedAgents: [],
      hashRoutes: false,
    },
    validate: { name: (value) => (value.trim() ? null : 'A name is needed') },
  })
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: (values: ProjectValues) => send(createProject, toInput(values)),
    onSuccess: async ({ project }) => {
      await client.invalidateQueries({ queryKey: [listProjects.id] })
      form.reset()
      onMade(project.id, project.name)
    },
    onError: (failed) => form.setErrors(fieldMessages(failed)),
  })
  const close = () => {
    onClose()
    form.reset()
    reset()
  }
  return (
    <Modal opened={opened} onClose={close} title="Create a project" size="lg">
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack gap="sm">
          {error && !isAtFields(error) && <ProblemAlert error={error} title="The project was not made" />}
          <ProjectFields form={form} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending}>
              Create the project
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
