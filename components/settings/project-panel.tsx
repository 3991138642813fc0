'use client'

import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { PageHeader } from '@/components/layout/page-header'
import { useProject } from '@/components/layout/project-select'
import { Panel } from '@/components/ui/panel'
import { CreateProject } from './create-project'
import { OfProject } from './of-project'
import { ProjectForm } from './project-form'

/** The settings of the project in the URL, and the making of another. */
export function ProjectPanel({ mayChange }: { mayChange: boolean }) {
  const { choose } = useProject()
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
      <OfProject>
        {(project) => (
          <Panel title={project.name}>
            <ProjectForm key={project.id} project={project} mayChange={mayChange} />
          </Panel>
        )}
      </OfProject>
      {mayChange && <CreateProject opened={creating} onClose={() => setCreating(false)} onMade={made} />}
    </>
  )
}
