import type { userSatisfaction } from '@/db/schema'
import type { Session } from '@/scripts/seed/session'

type Survey = (typeof userSatisfaction.$inferInsert)['survey']

const surveys: Record<Survey, { from: number; to: number; question: string }> = {
  nps: { from: 0, to: 10, question: 'How likely are you to recommend Demo to a colleague?' },
  csat: { from: 1, to: 5, question: 'How satisfied were you with this?' },
  ces: { from: 1, to: 7, question: 'Demo made it easy to get this done.' },
}

const texts = {
  good: [
    'Does what it says, quickly.',
    'Setting it up took ten minutes. Very happy.',
    'The reports save me an hour every week.',
    'Support answered within minutes, thank you!',
    'Clear, calm, and nothing in the way.',
  ],
  fair: [
    'Good, but I miss a dark theme in the mails.',
    'Fine for our small team.',
    'I would like more filters in the reports.',
    'It took me a while to find the settings.',
  ],
  poor: [
    'The export keeps timing out.',
    'Too many steps to get to what I need.',
    'Paying on my phone did not work at first.',
    'I never got an answer to my question.',
    'The webhook errors tell me nothing.',
  ],
} as const

/**
 * Answers a survey, some with a text that goes with the score.
 *
 * @param mood from 0, everything is bad, to 1
 * @param about what the survey was shown after
 */
export function survey(session: Session, kind: Survey, mood: number, about: string): void {
  const { random } = session
  const { from, to, question } = surveys[kind]
  // The mean of two draws keeps to the mood and still reaches the ends.
  const felt = Math.min(1, Math.max(0, mood + (random.next() + random.next() - 1) * 0.45))
  const score = Math.round(from + felt * (to - from))
  const tone = felt > 0.75 ? 'good' : felt > 0.45 ? 'fair' : 'poor'
  session.wait(14)
  session.record('responses', {
    survey: kind,
    score,
    question,
    response: random.chance(0.4) ? random.pick(texts[tone]) : null,
    context: { after: about, page: session.page },
    properties: session.about(),
  })
}
