'use client'

import { SegmentedControl, Select } from '@mantine/core'
import { useQueryStates } from 'nuqs'
import { CompareSwitch } from '@/components/analytics/compare-switch'
import { Definition } from '@/components/ui/definition'
import classes from './funnel-controls.module.css'
import type { FunnelAnalytics } from './funnel-totals'
import { funnelParsers } from './search-params'
import { windowLabel, windows } from './windows'

/** How a funnel is counted: in order or not, within what time, and beside the time before. */
export function FunnelControls({ draft, data }: { draft: boolean; data?: FunnelAnalytics }) {
  const [search, setSearch] = useQueryStates(
    { strict: funnelParsers.strict, window: funnelParsers.window },
    { history: 'push' },
  )
  const { strict, window } = search
  const usual = data?.definition?.window
  const choices = window === null || windows.includes(window) ? windows : [window, ...windows]
  return (
    <div className={classes.controls}>
      {!draft && data?.source !== 'events' && (
        <SegmentedControl
          size="xs"
          aria-label="Order of the stages"
          value={strict}
          onChange={(value) => setSearch({ strict: value === 'false' ? 'false' : null })}
          data={[
            { value: 'true', label: 'In order' },
            { value: 'false', label: 'Any order' },
          ]}
        />
      )}
      {!draft && (
        <span className={classes.pair}>
          <Select
            size="xs"
            w={168}
            aria-label="Window of a run"
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
            value={window ?? ''}
            onChange={(value) => setSearch({ window: value || null })}
            data={[
              { value: '', label: usual ? `As defined: ${windowLabel(usual)}` : 'Any length of time' },
              ...choices.map((value) => ({ value, label: `Within ${windowLabel(value)}` })),
            ]}
          />
          <Definition of="the window">
            Limits a run, from its first stage: what comes later does not count. The order and the window
            apply to every number on this page.
          </Definition>
        </span>
      )}
      <CompareSwitch />
    </div>
  )
}
