'use client'

import { Skeleton, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useProject } from '@/components/layout/project-select'
import { Rows } from '@/components/ui/grid'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { ProjectItem } from '@/lib/access/projects/contract'

/** What is about the project in the URL, and what stands in its place while there is none. */
export function OfProject({ children }: { children: (project: ProjectItem) => ReactNode }) {
  const { project, projects, isLoading, error } = useProject()
  return (
    <Rows>
      {error && <ProblemAlert error={error} />}
      {!project && projects.length > 0 && <Text>There is no such project: choose one above.</Text>}
      {isLoading && <Skeleton h={420} radius="lg" />}
      {!project && projects.length === 0 && !isLoading && !error && (
        <Text>You are in no project yet: ask an admin to let you into one.</Text>
      )}
      {project && children(project)}
    </Rows>
  )
}
