'use client'

import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useState } from 'react'
import classes from '@/components/recovery/checks.module.css'
import { Panel } from '@/components/ui/panel'
import type { Check } from '@/lib/recovery/failover/contract'

const looks = {
  pass: { Icon: IconCircleCheck, tone: classes.good, word: 'passes' },
  warn: { Icon: IconAlertTriangle, tone: classes.warn, word: 'warns' },
  fail: { Icon: IconCircleX, tone: classes.bad, word: 'fails' },
}

/** What speaks against a plan, each with what was observed, the limit and why it matters; failures first. */
export function Objections({ checks }: { checks: Check[] }) {
  const objections = [
    ...checks.filter(({ status }) => status === 'fail'),
    ...checks.filter(({ status }) => status === 'warn'),
  ]
  if (objections.length === 0) return null
  return (
    <Panel title="What speaks against it">
      <ul className={classes.checks}>
        {objections.map((check) => (
          <CheckRow key={check.name} check={check} explained />
        ))}
      </ul>
    </Panel>
  )
}

/** What passes, in short; limits and reasons are one click away. */
export function Passing({ checks }: { checks: Check[] }) {
  const [explained, setExplained] = useState(false)
  const passing = checks.filter(({ status }) => status === 'pass')
  return (
    <Panel
      title={`${passing.length} of ${checks.length} checks pass`}
      tools={
        <Button
          variant="default"
          size="xs"
          aria-expanded={explained}
          onClick={() => setExplained(!explained)}
        >
          {explained ? 'Hide limits and reasons' : 'Show limits and reasons'}
        </Button>
      }
    >
      <ul className={explained ? classes.checks : classes.short}>
        {passing.map((check) => (
          <CheckRow key={check.name} check={check} explained={explained} />
        ))}
      </ul>
    </Panel>
  )
}

function CheckRow({ check, explained }: { check: Check; explained: boolean }) {
  const { name, status, observed, limit, message, overridable } = check
  const { Icon, tone, word } = looks[status]
  return (
    <li className={classes.check}>
      <Icon size={18} className={tone} role="img" aria-label={word} />
      <div className={classes.checkName}>{name}</div>
      <div className={classes.observed}>{observed}</div>
      {explained && (
        <div className={classes.why}>
          Limit: {limit}. {message}
          {status === 'fail' &&
            (overridable ? ' You may go on by naming the loss.' : ' This cannot be overridden.')}
        </div>
      )}
    </li>
  )
}
