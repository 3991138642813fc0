'use client'

import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { Fragment, useState } from 'react'
import { PageHeader } from '@/components/layout/page-header'
import { useProject } from '@/components/layout/project-select'
import { later } from '@/components/ui/later'
import { Panel } from '@/components/ui/panel'
import { Receipt } from '@/components/ui/receipt'
import type { deleteProject } from '@/lib/access/projects/contract'
import type { OutputOf } from '@/lib/http/client'
import { DeleteProject } from './delete-project'
import { ExportProject } from './export-project'
import { OfProject } from './of-project'
import { ProjectForm } from './project-form'

const CreateProject = later(() => import('./create-project').then((loaded) => loaded.CreateProject))

/** The settings of the project in the URL, and the making of another. */
export function ProjectPanel({ mayChange }: { mayChange: boolean }) {
  const { projects, choose } = useProject()
  const [creating, setCreating] = useState(false)
  const [receipt, setReceipt] = useState<OutputOf<typeof deleteProject> | null>(null)
  const made = (id: string, name: string) => {
    setCreating(false)
    void choose(id)
    notifications.show({ color: 'tide', message: `${name} is ready. Create a key to record into it.` })
  }
  const deleted = (receipt: OutputOf<typeof deleteProject>) => {
    setReceipt(receipt)
    const [next] = projects.filter(({ id }) => id !== receipt.id)
    if (next) void choose(next.id)
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
      {receipt && <Receipt {...receipt} timezone="UTC" notesTitle="What else holds its data" />}
      <OfProject>
        {(project) => (
          <Fragment key={project.id}>
            <Panel title={project.name}>
              <ProjectForm project={project} mayChange={mayChange} />
            </Panel>
            <ExportProject project={project} />
            {mayChange && <DeleteProject project={project} onDeleted={deleted} />}
          </Fragment>
        )}
      </OfProject>
      {mayChange && <CreateProject opened={creating} onClose={() => setCreating(false)} onMade={made} />}
    </>
  )
}
