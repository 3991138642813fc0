import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleX,
  IconLoader2,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { formatDuration } from '@/components/ui/format'
import classes from './checks.module.css'

interface ListedStep<Name extends string> {
  name: Name
  state: keyof typeof looks
  startedAt: string | null
  endedAt: string | null
  detail: string
}

const looks = {
  waiting: { Icon: IconCircleDashed, tone: classes.quiet, word: 'waits' },
  running: { Icon: IconLoader2, tone: classes.turning, word: 'is under way' },
  done: { Icon: IconCircleCheck, tone: classes.good, word: 'is done' },
  failed: { Icon: IconCircleX, tone: classes.bad, word: 'failed' },
  skipped: { Icon: IconCircleMinus, tone: classes.quiet, word: 'is left out' },
}

interface StepListProps<Name extends string> {
  steps: ListedStep<Name>[]
  words: Record<Name, string>
  /** Stands below the step that runs, such as how far it is. */
  running?: ReactNode
}

/** The steps of long work in their order, each with its state, how long it took and what it came to. */
export function StepList<Name extends string>({ steps, words, running }: StepListProps<Name>) {
  return (
    <ol className={classes.steps} aria-label="Steps">
      {steps.map(({ name, state, startedAt, endedAt, detail }) => {
        const { Icon, tone, word } = looks[state]
        const took = startedAt && endedAt ? Date.parse(endedAt) - Date.parse(startedAt) : null
        return (
          <li key={name} className={classes.check}>
            <Icon size={18} className={tone} role="img" aria-label={word} />
            <div className={classes.checkName}>{words[name]}</div>
            <div className={classes.observed}>{took === null ? '' : formatDuration(took)}</div>
            <div className={classes.why}>
              {detail}
              {state === 'running' && running}
            </div>
          </li>
        )
      })}
    </ol>
  )
}
