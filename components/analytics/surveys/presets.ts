import type { Survey } from '@/components/analytics/satisfaction/surveys'

/** What a new survey begins with. */
export const presets: Record<Survey, { question: string; followUp: string; use: string }> = {
  nps: {
    question: 'How likely are you to recommend us to a friend or colleague?',
    followUp: 'What is the main reason for your score?',
    use: 'Loyalty, 0 to 10. Ask it anywhere, every few months.',
  },
  csat: {
    question: 'How satisfied are you with this?',
    followUp: 'What could we do better?',
    use: 'Satisfaction with one thing, 1 to 5. Ask it where the thing was just used.',
  },
  ces: {
    question: 'How easy was it to get this done?',
    followUp: 'What made it easy, or hard?',
    use: 'Effort, 1 to 7, from very hard to very easy. Ask it where a task has just ended.',
  },
}
