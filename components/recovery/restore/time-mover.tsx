'use client'

import { Button, Slider } from '@mantine/core'
import { useEffect, useState } from 'react'
import { formatMoment } from '@/components/ui/format'
import classes from './restore.module.css'

const nudges = [
  { label: '−1 min', by: -60_000 },
  { label: '−1 s', by: -1_000 },
  { label: '+1 s', by: 1_000 },
  { label: '+1 min', by: 60_000 },
]

interface TimeMoverProps {
  /** The axis of the picture above, in milliseconds since 1970. */
  from: number
  to: number
  at: number
  onMove: (at: number) => void
}

const isoOf = (at: number): string => new Date(at).toISOString()

/** Moves the target along the time line above: the slider for about, the buttons to the second. */
export function TimeMover({ from, to, at, onMove }: TimeMoverProps) {
  const [moved, setMoved] = useState(at)
  useEffect(() => setMoved(at), [at])
  const words = (value: number) => `${formatMoment(isoOf(value), 'UTC')} UTC`
  return (
    <>
      <Slider
        thumbLabel="Target"
        size="xs"
        min={Math.ceil(from / 1000) * 1000}
        max={Math.floor(to / 1000) * 1000}
        step={1000}
        value={moved}
        onChange={setMoved}
        onChangeEnd={onMove}
        label={words}
        // From the left to the thumb is nothing of its own.
        styles={{ bar: { display: 'none' } }}
        thumbProps={{ 'aria-valuetext': words(moved) }}
      />
      <div className={classes.nudge}>
        {nudges.map(({ label, by }) => (
          <Button key={label} variant="default" size="compact-xs" onClick={() => onMove(at + by)}>
            {label}
          </Button>
        ))}
      </div>
    </>
  )
}
