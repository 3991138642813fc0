'use client'

import { Button, Skeleton, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { PageHeader } from '@/components/layout/page-header'
import { useProject } from '@/components/layout/project-select'
import { Rows } from '@/components/ui/grid'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { CreateProject } from './create-project'
import { ProjectForm } from './project-form'

/** The settings of the project in the URL, and the making of another. */
export function ProjectPanel({ mayChange }: { mayChange: boolean }) {
  const { project, projects, choose, error } = useProject()
  const [creating, setCreating] = useState(false)
  const made = (id: string, name: string) => {
    setCreating(false)
    void choose(id)
    notifications.show({ color: 'tide', message: `${name} is ready. Create a key to record into it.` })
  }
  return (
    <>
      <PageHeader title="Project" lead={mayChange ? undefined : 'Only an admin changes these; you see them.'}>
        {mayChange && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
            Create a project
          </Button>
        )}
      </PageHeader>
      <Rows>
        {error && <ProblemAlert error={error} />}
        {!project && projects.length > 0 && <Text>There is no such project: choose one above.</Text>}
        {!project && projects.length === 0 && !error && <Skeleton h={420} radius="lg" />}
        {project && (
          <Panel title={project.name}>
            <ProjectForm key={project.id} project={project} mayChange={mayChange} />
          </Panel>
        )}
      </Rows>
      {mayChange && <CreateProject opened={creating} onClose={() => setCreating(false)} onMade={made} />}
    </>
  )
}
