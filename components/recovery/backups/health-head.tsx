'use client'

import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useState } from 'react'
import classes from '@/components/recovery/checks.module.css'
import { formatRpo } from '@/components/recovery/definitions'
import { formatTime } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { StatCard, StatRow } from '@/components/ui/stat-card'
import { StatusBadge } from '@/components/ui/status-badge'
import type { BackupHealth } from '@/lib/recovery/backups/contract'
import { definitions } from './definitions'
import { formatAge, formatSeconds, formatShort, healthWords, kindWords, secondsBetween } from './words'

const looks = {
  pass: { Icon: IconCircleCheck, tone: classes.good, word: 'passes' },
  warn: { Icon: IconAlertTriangle, tone: classes.warn, word: 'warns' },
  fail: { Icon: IconCircleX, tone: classes.bad, word: 'fails' },
}
const order = { fail: 0, warn: 1, pass: 2 }

/** The numbers that matter when everything is lost. `now` is when they were asked for, in milliseconds since 1970. */
export function BackupCards({ health, now }: { health: BackupHealth; now: number }) {
  const { newest, ageSeconds, proven, window, rpoSeconds, lastDrill } = health
  const provenAge = proven && (now - Date.parse(proven.endedAt)) / 1000
  return (
    <StatRow>
      <StatCard
        label="Newest backup"
        definition={definitions.age}
        value={ageSeconds}
        format={(value) => (value === null ? 'none' : formatAge(value))}
        note={newest && `${kindWords[newest.kind]}, ${formatShort(newest.endedAt)}`}
      />
      <StatCard
        label="Newest proven"
        definition={definitions.proven}
        value={provenAge}
        format={(value) => (value === null ? 'none' : formatAge(value))}
        note={
          proven ? `Repository ${proven.repository}, ${formatShort(proven.endedAt)}` : 'Drill one to know'
        }
      />
      <StatCard
        label="Recovery window"
        definition={definitions.window}
        value={window && secondsBetween(window.from, window.to)}
        format={(value) => (value === null ? 'none' : formatAge(value))}
        note={window && `Up to ${formatTime(window.to, 'UTC')} UTC`}
      />
      <StatCard
        label="RPO"
        definition={definitions.rpo}
        value={rpoSeconds}
        format={formatRpo}
        note="With every member lost now"
      />
      <StatCard
        label="Last drill, RTO"
        definition={definitions.drill}
        value={lastDrill?.rtoSeconds ?? null}
        format={(value) => (lastDrill ? (lastDrill.passed ? formatSeconds(value) : 'failed') : 'none yet')}
        note={lastDrill && `${lastDrill.passed ? 'Passed' : 'Failed'} ${formatShort(lastDrill.at)}`}
      />
    </StatRow>
  )
}

/** What does not pass, each with what to do; what passes is one click away. */
export function BackupChecks({ health: { status, checks } }: { health: BackupHealth }) {
  const [all, setAll] = useState(false)
  const sorted = checks.toSorted((a, b) => order[a.status] - order[b.status])
  const passing = checks.filter((check) => check.status === 'pass').length
  const shown = all ? sorted : sorted.filter((check) => check.status !== 'pass')
  return (
    <Panel
      title={`${passing} of ${checks.length} checks pass`}
      definition={definitions.health}
      tools={
        <>
          <span role="status">
            <StatusBadge status={status} label={healthWords[status]} />
          </span>
          {passing > 0 && (
            <Button variant="default" size="xs" aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? 'Hide what passes' : 'Show what passes'}
            </Button>
          )}
        </>
      }
    >
      <ul className={classes.checks}>
        {shown.map((check) => {
          const { Icon, tone, word } = looks[check.status]
          return (
            <li key={check.name} className={classes.check}>
              <Icon size={18} className={tone} role="img" aria-label={word} />
              <div className={classes.checkName}>{check.name}</div>
              <div className={classes.observed}>{check.observed}</div>
              <div className={classes.why}>
                Limit: {check.limit}.{check.status !== 'pass' && <strong> {check.action}</strong>}
              </div>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}
