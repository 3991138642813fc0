'use client'

import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { eventParsers, filterParsers, rangeParsers } from '@/components/analytics/search-params'
import { listProjects } from '@/lib/access/projects/contract'
import { query } from '@/lib/http/client'

const parsers = { project: rangeParsers.project, cursor: eventParsers.cursor, ...filterParsers }

/** The projects, and the one in the URL: by id or name, the oldest if none is named. */
export function useProject() {
  const [{ project: wanted }, setSearch] = useQueryStates(parsers, { history: 'push' })
  const { data, error, isLoading } = useQuery({ ...query(listProjects, {}), staleTime: 60_000 })
  const projects = data?.projects ?? []
  const project = wanted ? projects.find((one) => one.id === wanted || one.name === wanted) : projects[0]
  /** Filters are about one project's records: they do not come along. */
  const choose = (id: string) => {
    const empty = Object.fromEntries(Object.keys(parsers).map((key) => [key, null]))
    return setSearch({ ...empty, project: id === projects[0]?.id ? null : id })
  }
  return { projects, project, choose, isLoading, error }
}

/** Chooses the project that every page is about. */
export function ProjectSelect() {
  const { projects, project, choose, isLoading, error } = useProject()
  const placeholderFor = () => {
    if (error) return 'Projects not reached'
    return projects.length === 0 && !isLoading ? 'In no project' : 'No such project'
  }
  return (
    <Select
      size="sm"
      aria-label="Project"
      allowDeselect={false}
      searchable={projects.length > 8}
      placeholder={placeholderFor()}
      value={project?.id ?? null}
      onChange={(id) => id && choose(id)}
      data={projects.map(({ id, name }) => ({ value: id, label: name }))}
      comboboxProps={{ shadow: 'md', withinPortal: false }}
    />
  )
}
