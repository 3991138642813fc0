'use client'

import { Button, Radio, Stack, Textarea, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { tracker } from '@/components/layout/tracker'
import type { Properties } from '@/lib/tracker/types'
import shared from './demo.module.css'

const scores = [
  { value: '1', label: '1: not at all' },
  { value: '2', label: '2' },
  { value: '3', label: '3' },
  { value: '4', label: '4' },
  { value: '5', label: '5: very' },
]

/** Asks how content someone is, from 1 to 5, and why. */
export function Csat({ question, context }: { question: string; context: Properties }) {
  const [score, setScore] = useState('')
  const [words, setWords] = useState('')
  const [sent, setSent] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!score) return
    tracker.respond('csat', Number(score), { question, response: words.trim() || undefined, context })
    setSent(true)
  }
  return (
    <section className={`${shared.panel} ${shared.narrow}`} aria-label="One question">
      <Title order={2} mb="xs">
        One question
      </Title>
      <div role="status">{sent && <p className={shared.said}>Thank you for your answer.</p>}</div>
      {!sent && (
        <form onSubmit={submit}>
          <Stack gap="md">
            <Radio.Group label={question} size="md" value={score} onChange={setScore}>
              <div className={shared.scores}>
                {scores.map((one) => (
                  <Radio key={one.value} size="md" {...one} />
                ))}
              </div>
            </Radio.Group>
            <Textarea
              size="md"
              label="What should we do better?"
              autosize
              minRows={2}
              maxLength={1000}
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
            />
            <Button size="md" type="submit" variant="default" disabled={!score}>
              Send the answer
            </Button>
          </Stack>
        </form>
      )}
    </section>
  )
}
