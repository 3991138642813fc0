'use client'

import { Button, Group, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useConfirm } from '@/components/ui/confirm'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { listProjects, type ProjectItem, updateProject } from '@/lib/access/projects/contract'
import { send } from '@/lib/http/client'
import { fieldMessages, isAtFields } from './form-errors'
import { ProjectFields, type ProjectValues, toInput } from './project-fields'

const valuesOf = ({ id: _id, createdAt: _at, role: _role, ...project }: ProjectItem): ProjectValues => ({
  ...project,
  retentionDays: project.retentionDays ?? '',
})

/** Changes a project; asks first when the change deletes records. */
export function ProjectForm({ project, mayChange }: { project: ProjectItem; mayChange: boolean }) {
  const client = useQueryClient()
  const confirm = useConfirm()
  const form = useForm<ProjectValues>({ initialValues: valuesOf(project) })
  const { mutate, error, isPending } = useMutation({
    mutationFn: (values: ProjectValues) => send(updateProject, { id: project.id, ...toInput(values) }),
    onSuccess: ({ project: saved }) => {
      form.setInitialValues(valuesOf(saved))
      form.setValues(valuesOf(saved))
      notifications.show({ color: 'tide', message: `${saved.name} is saved.` })
    },
    onError: (failed) => form.setErrors(fieldMessages(failed)),
    onSettled: () => client.invalidateQueries({ queryKey: [listProjects.id] }),
  })
  const submit = form.onSubmit((values) => {
    const days = toInput(values).retentionDays
    const shorter = days !== null && (project.retentionDays === null || days < project.retentionDays)
    if (!shorter) return mutate(values)
    confirm({
      title: `Keep records for ${days} days only?`,
      children: (
        <Text size="sm">
          Records of {project.name} that occurred more than {days} days ago are deleted. This cannot be
          undone.
        </Text>
      ),
      confirm: 'Save and delete them',
      cancel: 'Change nothing',
      onConfirm: () => mutate(values),
    })
  })
  return (
    <form onSubmit={submit} style={{ maxWidth: 620 }}>
      <Stack gap="md">
        {error && !isAtFields(error) && <ProblemAlert error={error} title="Nothing was saved" />}
        <ProjectFields form={form} readOnly={!mayChange} />
        <Text size="xs" c="dimmed">
          Id {project.id}
        </Text>
        {mayChange && (
          <Group gap="xs">
            <Button type="submit" loading={isPending} disabled={!form.isDirty()}>
              Save
            </Button>
            <Button variant="default" disabled={!form.isDirty() || isPending} onClick={form.reset}>
              Undo changes
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  )
}
