'use client'

import { SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { formatMoment } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import type { Repository, RestorePoint } from '@/lib/recovery/backups/contract'
import classes from './restore.module.css'
import { faultOf, type TargetKind, targetHelp, targetKinds } from './target'

export interface Asked {
  kind: TargetKind
  value: string | null
  repository: number
  /** Null for the newest, or that of the restore point. */
  timeline: number | null
}

interface TargetFormProps {
  asked: Asked
  repositories: Repository[]
  points: RestorePoint[]
  /** The end of the repository's recovery window, ISO. */
  latest: string | null
  /** Those that are known, the newest first. */
  timelines: number[]
  onChange: (asked: Partial<Asked>) => void
}

/** What to recover to, and from which repository. */
export function TargetForm({ asked, repositories, points, latest, timelines, onChange }: TargetFormProps) {
  const { kind, value, repository, timeline } = asked
  const firstOf: Record<TargetKind, string | null> = {
    latest: null,
    // The end of the window, to begin from.
    time: latest ? `${latest.slice(0, 19)}Z` : null,
    name: points[0]?.name ?? null,
    lsn: null,
    xid: null,
  }
  const text = value ?? ''
  const fault = value ? faultOf(kind, value) : null
  return (
    <Panel title="Recover to">
      <Stack gap="sm">
        <div className={classes.choices}>
          <SegmentedControl
            aria-label="Recover to"
            size="xs"
            withItemsBorders={false}
            data={targetKinds}
            value={kind}
            onChange={(next) => onChange({ kind: next, value: firstOf[next] })}
            className={classes.kinds}
          />
          {repositories.length > 1 && (
            <SegmentedControl
              aria-label="From repository"
              size="xs"
              data={repositories.map(({ number }) => ({
                value: String(number),
                label: `Repository ${number}`,
              }))}
              value={String(repository)}
              onChange={(number) => onChange({ repository: Number(number) })}
            />
          )}
        </div>
        <Text size="sm" c="dimmed" maw={680}>
          {targetHelp[kind]}
        </Text>
        {kind === 'time' && (
          <TextInput
            type="datetime-local"
            step={1}
            label="Time (UTC)"
            maw={260}
            value={text.slice(0, 19)}
            error={fault}
            onChange={({ currentTarget }) => onChange({ value: isoOf(currentTarget.value) })}
          />
        )}
        {kind === 'name' && (
          <Select
            label="Restore point"
            maw={420}
            searchable={points.length > 8}
            placeholder={points.length > 0 ? 'Choose one' : 'None was named yet'}
            data={points.map(({ name, at }) => ({
              value: name,
              label: `${name} · ${formatMoment(at, 'UTC')}`,
            }))}
            value={value}
            onChange={(name) => onChange({ value: name })}
          />
        )}
        {(timelines.length > 1 || timeline !== null) && (
          <Select
            label="Along timeline"
            description="A recovery or a new leader begins a new one: what it undid is on the one before"
            maw={420}
            allowDeselect={false}
            data={[
              { value: '', label: kind === 'name' ? 'That of the restore point' : 'The newest' },
              ...timelines.map((one) => ({ value: String(one), label: `Timeline ${one}` })),
            ]}
            value={timeline === null ? '' : String(timeline)}
            onChange={(chosen) => onChange({ timeline: chosen ? Number(chosen) : null })}
          />
        )}
        {(kind === 'lsn' || kind === 'xid') && (
          <TextInput
            key={kind}
            label={kind === 'lsn' ? 'LSN' : 'Transaction ID'}
            placeholder={kind === 'lsn' ? '0/3A5F2C8' : '74210'}
            maw={260}
            autoComplete="off"
            spellCheck={false}
            value={text}
            error={fault}
            onChange={({ currentTarget }) => onChange({ value: currentTarget.value.trim() || null })}
          />
        )}
      </Stack>
    </Panel>
  )
}

/** Browsers leave the seconds out where they are 0; what is typed in part is no time yet. */
const isoOf = (local: string): string | null =>
  local === '' ? null : `${local.length === 16 ? `${local}:00` : local.slice(0, 19)}Z`
