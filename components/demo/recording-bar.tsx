'use client'

import { Anchor, UnstyledButton } from '@mantine/core'
import { IconChevronUp, IconPointFilled } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { formatTime } from '@/components/ui/format'
import { atBase } from '@/lib/http/base-path'
import classes from './recording-bar.module.css'
import { useRecordings } from './recordings'
import { useAlive, useShop } from './store'

/** What the page has just recorded: one line, and the newest records when it is opened. */
export function RecordingBar() {
  const [opened, setOpened] = useState(false)
  const { count, latest } = useRecordings()
  const { recording } = useShop()
  const list = useId()
  return (
    <aside className={classes.bar} aria-label="What is being recorded">
      <div className={classes.inside}>
        {opened && <Latest id={list} />}
        <div className={classes.line}>
          <UnstyledButton
            className={classes.toggle}
            aria-expanded={opened}
            aria-controls={opened ? list : undefined}
            onClick={() => setOpened(!opened)}
          >
            <IconPointFilled size={16} className={recording ? classes.on : classes.off} aria-hidden="true" />
            {recording ? `Recorded: ${count}` : 'Not recording'}
            <IconChevronUp size={16} className={opened ? classes.down : undefined} aria-hidden="true" />
          </UnstyledButton>
          {/* Beside the button, so that its name stays the same whatever is recorded. */}
          <span className={classes.last}>{latest[0]?.title}</span>
          {/* Whole loads: the dashboard has a tracker of its own. */}
          <Anchor href={atBase('/overview')} fz="sm" c="inherit" underline="always" className={classes.link}>
            Dashboard
          </Anchor>
        </div>
      </div>
    </aside>
  )
}

function Latest({ id }: { id: string }) {
  const { latest } = useRecordings()
  const alive = useAlive()
  const timezone = alive ? Intl.DateTimeFormat().resolvedOptions().timeZone : 'UTC'
  return (
    <div id={id} className={classes.latest}>
      {latest.length === 0 && <p className={classes.none}>Nothing yet on this page.</p>}
      {latest.length > 0 && (
        <ol aria-label="Newest records" className={classes.list}>
          {latest.map((seen) => (
            <li key={seen.id}>
              <time dateTime={seen.occurredAt}>{formatTime(seen.occurredAt, timezone)}</time>
              <span className={classes.kind}>{seen.kind}</span>
              <span className={classes.what}>
                <b>{seen.title}</b> {seen.detail}
              </span>
            </li>
          ))}
        </ol>
      )}
      <p className={classes.none}>
        They are in <a href={atBase('/events?from=-1d')}>Events</a>,{' '}
        <a href={atBase('/funnels/checkout?from=-1d')}>the checkout funnel</a> and{' '}
        <a href={atBase('/journeys?from=-1d')}>Journeys</a> of the dashboard within seconds.
      </p>
    </div>
  )
}
