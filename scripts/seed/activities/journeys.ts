import type { Session } from '@/scripts/seed/session'
import { type Journey, onboarding, support, trading } from './journey-maps'
import { survey } from './surveys'

function runJourney(session: Session, journey: string, steps: Journey): boolean {
  const runId = session.random.code('j')
  const common = { journey, runId, properties: session.about() }
  let step = Object.keys(steps)[0] ?? 'exit'
  for (let at = steps[step]; at; at = steps[step]) {
    session.record('steps', { ...common, step, completed: false })
    session.wait(at.seconds, 0.8)
    step = session.random.weighted(at.next)
  }
  if (step === 'complete') session.record('steps', { ...common, completed: true })
  return step === 'complete'
}

/** The first steps after signing up. */
export function onboard(session: Session): void {
  session.view('/app')
  const done = runJourney(session, 'onboarding', onboarding)
  if (done && session.random.chance(0.35)) survey(session, 'ces', 0.72, 'onboarding')
}

/** One or two trades, or tries. */
export function trade(session: Session): void {
  session.view('/app/trading')
  const done = runJourney(session, 'trading', trading)
  if (done && session.random.chance(0.3)) runJourney(session, 'trading', trading)
}

/** A question, and with luck its answer. */
export function askForHelp(session: Session): void {
  session.view('/support')
  const done = runJourney(session, 'support', support)
  if (session.random.chance(0.4)) survey(session, 'csat', done ? 0.8 : 0.3, 'support')
  if (done && session.random.chance(0.25)) survey(session, 'ces', 0.6, 'support')
}
