'use client'

import { useAddress } from '@/components/analytics/use-address'
import { EmptyState } from '@/components/ui/empty-state'
import { type Survey, surveyWords } from './surveys'

const examples = {
  nps: { score: 9, question: 'How likely are you to recommend us to a colleague?' },
  csat: { score: 5, question: 'How satisfied were you with this?' },
  ces: { score: 6, question: 'We made it easy to get this done.' },
}

/** What stands where a survey has no responses: the lines that send the first one. */
export function FirstResponse({ survey }: { survey: Survey }) {
  const address = useAddress()
  const { score, question } = examples[survey]
  return (
    <EmptyState
      title={`No ${surveyWords[survey].label} responses in this range`}
      code={`curl ${address}/api/analytics/user/satisfaction/record \\
  -H 'Authorization: Bearer wk_…' \\
  -H 'Content-Type: application/json' \\
  -d '{"userId": "user-1", "survey": "${survey}", "score": ${score},
       "question": "${question}",
       "response": "In the user’s own words", "context": {"after": "checkout"}}'`}
    >
      Choose a longer range, remove a filter, or send the first response when a user has answered. The text
      and the context may be left out.
    </EmptyState>
  )
}
