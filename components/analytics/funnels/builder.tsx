'use client'

import { Button, Group, Select, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQueryStates } from 'nuqs'
import { Panel } from '@/components/ui/panel'
import classes from './builder.module.css'
import { definitions } from './definitions'
import { type Draft, emptyDraft, emptyEvent, emptyStep, readDraft, writeDraft } from './draft'
import { EventRow } from './event-row'
import { SaveFunnel } from './save-funnel'
import { funnelParsers } from './search-params'
import { StepRow } from './step-row'
import { windowLabel, windows } from './windows'

const MOST_STEPS = 10
const MOST_EXCLUSIONS = 10

/** Makes a funnel out of events. Every change goes into the URL, and the numbers below follow. */
export function Builder({ funnel, text }: { funnel: string; text: string }) {
  const [, setSearch] = useQueryStates({ definition: funnelParsers.definition }, { history: 'replace' })
  const draft = readDraft(text)
  const change = (part: Partial<Draft>) =>
    void setSearch({ definition: writeDraft({ ...(draft ?? emptyDraft()), ...part }) })
  if (!draft) {
    // The API says below what is wrong with it.
    return (
      <Panel title="Definition" definition={definitions.builder}>
        <Group>
          <Text size="sm">The definition in the address cannot be read.</Text>
          <Button size="xs" variant="default" onClick={() => change({})}>
            Begin with an empty one
          </Button>
        </Group>
      </Panel>
    )
  }
  const { steps, exclusions, window } = draft
  return (
    <Panel title="Definition" definition={definitions.builder}>
      <ol className={classes.rows} aria-label="Steps">
        {steps.map((step, index) => (
          <StepRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place, and all its inputs are controlled
            key={index}
            step={step}
            index={index}
            count={steps.length}
            onChange={(next) => change({ steps: steps.with(index, next) })}
            onMove={(by) => change({ steps: moved(steps, index, by) })}
            onRemove={() => change({ steps: steps.toSpliced(index, 1) })}
          />
        ))}
      </ol>
      {exclusions.length > 0 && (
        <ul className={classes.rows} aria-label="Exclusions">
          {exclusions.map((event, index) => (
            <EventRow
              // biome-ignore lint/suspicious/noArrayIndexKey: as with steps
              key={index}
              event={event}
              label={`Exclusion ${index + 1}`}
              onChange={(next) => change({ exclusions: exclusions.with(index, next) })}
              onRemove={() => change({ exclusions: exclusions.toSpliced(index, 1) })}
            />
          ))}
        </ul>
      )}
      <div className={classes.foot}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={steps.length >= MOST_STEPS}
          onClick={() => change({ steps: [...steps, emptyStep()] })}
        >
          Add a step
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={exclusions.length >= MOST_EXCLUSIONS}
          onClick={() => change({ exclusions: [...exclusions, emptyEvent()] })}
        >
          Exclude an event
        </Button>
        <Select
          size="xs"
          w={150}
          aria-label="Window of the funnel"
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
          value={window}
          onChange={(value) => value && change({ window: value })}
          data={(windows.includes(window) ? windows : [window, ...windows]).map((value) => ({
            value,
            label: `Within ${windowLabel(value)}`,
          }))}
        />
        <SaveFunnel key={funnel} funnel={funnel} draft={draft} />
      </div>
    </Panel>
  )
}

function moved<Item>(items: Item[], index: number, by: -1 | 1): Item[] {
  const item = items[index]
  const other = items[index + by]
  return item === undefined || other === undefined ? items : items.with(index, other).with(index + by, item)
}
