'use client'

import { ActionIcon, Button, Code, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react'
import { saveFile } from '@/components/ui/csv'
import { Panel } from '@/components/ui/panel'
import type { RestorePlan } from '@/lib/recovery/restore/contract'
import classes from './restore.module.css'
import { wordsOf } from './target'

/** Every step to the target by hand, each command to be copied, and all of it as a file to be kept away from here. */
export function Instructions({ plan }: { plan: RestorePlan }) {
  if (plan.instructions.length === 0) return null
  return (
    <Panel
      title="By hand"
      definition="The same steps, for a terminal: they work when this page does not. Keep a copy where the cluster’s loss does not reach it."
      tools={
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={15} />}
          onClick={() => saveFile('restore-instructions.txt', 'text/plain', textOf(plan))}
        >
          Download the instructions
        </Button>
      }
    >
      <ol className={classes.steps}>
        {plan.instructions.map(({ step, command }, index) => (
          <li key={`${step} ${command}`}>
            {step}
            {command && (
              <div className={classes.command}>
                <Code block tabIndex={0}>
                  {command}
                </Code>
                <CopyButton value={command}>
                  {({ copied, copy }) => (
                    <Tooltip label={copied ? 'Copied' : 'Copy'}>
                      <ActionIcon
                        aria-label={copied ? 'Copied' : `Copy the command of step ${index + 1}`}
                        onClick={copy}
                      >
                        {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
                      </ActionIcon>
                    </Tooltip>
                  )}
                </CopyButton>
              </div>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  )
}

/** The plan as a text to print. */
export function textOf({ target, repository, backup, instructions, reason }: RestorePlan): string {
  const steps = instructions.map(
    ({ step, command }, index) =>
      `${index + 1}. ${step}\n${command ? `\n${command.replace(/^/gm, '       ')}\n` : ''}`,
  )
  return [
    `Restore to ${wordsOf(target)}, from repository ${repository}`,
    '',
    reason,
    ...(backup ? [`Begins with the backup ${backup}.`] : []),
    '',
    ...steps,
  ].join('\n')
}
