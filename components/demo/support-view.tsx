'use client'

import { Button, Radio, Stack, Textarea } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import { tracker } from '@/components/layout/tracker'
import { Csat } from './csat'
import shared from './demo.module.css'
import { PageHead } from './page-head'
import { makeId } from './store'

const JOURNEY = 'support'
const topics = [
  { value: 'order', label: 'My order' },
  { value: 'product', label: 'A product' },
  { value: 'return', label: 'Sending something back' },
]
const answers: Record<string, string> = {
  order: 'An order leaves the harbour within two days, with the tide.',
  product: 'Material and care stand on the page of each product.',
  return: 'Send it back within thirty days; the way back costs nothing.',
}
type Step = 'topic' | 'answer' | 'message' | 'sent'

/** Help in three steps, of which the second is enough for many: the journey `support`. */
export function SupportView() {
  const [step, setStep] = useState<Step>('topic')
  const [topic, setTopic] = useState('')
  const [solved, setSolved] = useState(false)
  const [runId] = useState(() => (typeof window === 'undefined' ? '' : makeId('support')))
  useEffect(() => {
    if (step !== 'sent') tracker.step(JOURNEY, step, { runId })
  }, [step, runId])
  const end = (byItself: boolean) => {
    tracker.completeJourney(JOURNEY, { runId, properties: { topic, byItself } })
    setSolved(byItself)
    setStep('sent')
  }
  return (
    <>
      <PageHead title="Support">
        {step === 'sent'
          ? solved
            ? 'Good that it helped.'
            : 'Your message is with us, or would be: this is a demo.'
          : 'What is it about?'}
      </PageHead>
      <Stack gap="lg">
        {step !== 'sent' && (
          <div className={`${shared.panel} ${shared.narrow}`}>
            {step === 'topic' && <Topic value={topic} onChange={setTopic} onDone={() => setStep('answer')} />}
            {step === 'answer' && (
              <Stack gap="md">
                <p style={{ margin: 0 }}>{answers[topic]}</p>
                <Button size="md" onClick={() => end(true)}>
                  That helped
                </Button>
                <Button size="md" variant="default" onClick={() => setStep('message')}>
                  I still have a question
                </Button>
              </Stack>
            )}
            {step === 'message' && <Message onDone={() => end(false)} />}
          </div>
        )}
        {step === 'sent' && (
          <Csat question="How content are you with our support?" context={{ after: 'support', topic }} />
        )}
      </Stack>
    </>
  )
}

interface TopicProps {
  value: string
  onChange: (topic: string) => void
  onDone: () => void
}

function Topic({ value, onChange, onDone }: TopicProps) {
  return (
    <Stack gap="md">
      <Radio.Group label="Topic" size="md" value={value} onChange={onChange}>
        <Stack gap="sm" mt="xs">
          {topics.map((one) => (
            <Radio key={one.value} size="md" {...one} />
          ))}
        </Stack>
      </Radio.Group>
      <Button size="md" disabled={!value} onClick={onDone}>
        Continue
      </Button>
    </Stack>
  )
}

/** What is written here is not recorded: it is for people. */
function Message({ onDone }: { onDone: () => void }) {
  const [words, setWords] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!words.trim()) return
    tracker.track('send_message', { length: words.trim().length }, { category: JOURNEY })
    onDone()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Textarea
          size="md"
          label="Your message"
          autosize
          minRows={3}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Button size="md" type="submit" disabled={!words.trim()}>
          Send the message
        </Button>
      </Stack>
    </form>
  )
}
