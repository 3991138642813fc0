'use client'

import { Button, Menu, Text } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import { later } from '@/components/ui/later'
import type { BackupKind } from '@/lib/recovery/backups/contract'
import { kindHelp, kindWords } from './words'

const NameMoment = later(() => import('./name-moment').then((loaded) => loaded.NameMoment))

export interface Orders {
  backUp: (kind: BackupKind) => void
  verify: (repository: number) => void
  drill: (repository: number) => void
}

interface ActionsProps extends Orders {
  provider: 'local' | 'pgbackrest'
  repositories: number[]
  /** Something runs, or is being asked for: the next has to wait. */
  busy: boolean
}

/** What an operator can have done with backups. */
export function Actions({ provider, repositories, busy, backUp, verify, drill }: ActionsProps) {
  const [naming, setNaming] = useState(false)
  const kinds: BackupKind[] =
    provider === 'pgbackrest' ? ['full', 'differential', 'incremental'] : ['full', 'incremental']
  const places = repositories.map((number) => ({ value: number, label: `Repository ${number}` }))
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setNaming(true)}>
        Name this moment
      </Button>
      <Choice
        label="Verify"
        busy={busy}
        options={places.map((one) => ({ ...one, help: 'Reads all of it, and compares checksums' }))}
        onPick={verify}
      />
      <Choice
        label="Drill"
        busy={busy}
        options={places.map((one) => ({ ...one, help: 'Restores its newest backup, checks and removes it' }))}
        onPick={drill}
      />
      <Choice
        label="Back up now"
        primary
        busy={busy}
        options={kinds.map((kind) => ({ value: kind, label: kindWords[kind], help: kindHelp[kind] }))}
        onPick={backUp}
      />
      <NameMoment opened={naming} onClose={() => setNaming(false)} />
    </>
  )
}

interface ChoiceProps<Value> {
  label: string
  primary?: boolean
  busy: boolean
  options: { value: Value; label: string; help: string }[]
  onPick: (value: Value) => void
}

/** A button that asks which, and says what each does. */
function Choice<Value extends string | number>({
  label,
  primary,
  busy,
  options,
  onPick,
}: ChoiceProps<Value>) {
  return (
    <Menu position="bottom-end" shadow="md" width={290}>
      <Menu.Target>
        <Button
          variant={primary ? 'filled' : 'default'}
          size="xs"
          rightSection={<IconChevronDown size={14} />}
          disabled={busy}
        >
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {options.map(({ value, label: name, help }) => (
          <Menu.Item key={value} onClick={() => onPick(value)}>
            {name}
            <Text size="xs" c="dimmed">
              {help}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
