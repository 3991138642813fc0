'use client'

import { Group, Input, Radio, ScrollArea, SegmentedControl, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useProject } from '@/components/layout/project-select'
import type { AccountItem } from '@/lib/access/accounts/contract'

export type AccountValues = Pick<AccountItem, 'role' | 'memberships'>

const roles: { value: AccountItem['role']; label: string; description: string }[] = [
  { value: 'viewer', label: 'Viewer', description: 'Sees the state of the cluster' },
  { value: 'operator', label: 'Operator', description: 'Also acts on it: backups, restores, the leader' },
  {
    value: 'admin',
    label: 'Admin',
    description: 'Everything, in every project; accounts, keys and settings',
  },
]
const inProject = [
  { value: 'none', label: 'Not in it' },
  { value: 'viewer', label: 'Viewer' },
  { value: 'operator', label: 'Operator' },
]
const MAX_HEIGHT = 260

interface AccountFieldsProps extends AccountValues {
  errors: Record<string, ReactNode>
  onChange: (changed: Partial<AccountValues>) => void
}

/** What someone may do with the cluster, and in which project. */
export function AccountFields({ role, memberships, errors, onChange }: AccountFieldsProps) {
  return (
    <Stack gap="md">
      <Radio.Group
        label="Role for the cluster"
        value={role}
        error={errors.role}
        onChange={(value) => onChange({ role: value as AccountItem['role'] })}
      >
        <Stack gap={8} mt={6}>
          {roles.map((one) => (
            <Radio key={one.value} {...one} />
          ))}
        </Stack>
      </Radio.Group>
      {role !== 'admin' && (
        <Projects
          memberships={memberships}
          error={errors.memberships}
          onChange={(changed) => onChange({ memberships: changed })}
        />
      )}
    </Stack>
  )
}

interface ProjectsProps {
  memberships: AccountItem['memberships']
  error: ReactNode
  onChange: (changed: AccountItem['memberships']) => void
}

function Projects({ memberships, error, onChange }: ProjectsProps) {
  const { projects } = useProject()
  const set = (projectId: string, wanted: string) => {
    const others = memberships.filter((one) => one.projectId !== projectId)
    onChange(wanted === 'viewer' || wanted === 'operator' ? [...others, { projectId, role: wanted }] : others)
  }
  return (
    <Input.Wrapper
      label="Projects"
      labelElement="div"
      description="A viewer reads a project’s numbers; an operator also changes its surveys and metric alerts. Whoever is not in it does not see it."
      error={error}
    >
      <ScrollArea.Autosize mah={MAX_HEIGHT} mt="xs" offsetScrollbars="y">
        <Stack gap={6}>
          {projects.map(({ id, name }) => (
            <Group key={id} justify="space-between" gap="xs">
              <Text size="sm" truncate style={{ flex: '1 1 120px', minWidth: 0 }} title={name}>
                {name}
              </Text>
              <SegmentedControl
                size="xs"
                aria-label={`Role in ${name}`}
                data={inProject}
                value={memberships.find((one) => one.projectId === id)?.role ?? 'none'}
                onChange={(wanted) => set(id, wanted)}
              />
            </Group>
          ))}
        </Stack>
      </ScrollArea.Autosize>
    </Input.Wrapper>
  )
}
