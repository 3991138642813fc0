import { workWithFeature } from './activities/features'
import { runFunnel, upgrade } from './activities/funnels'
import { askForHelp, onboard, trade } from './activities/journeys'
import { readOn, shop } from './activities/shop'
import { survey } from './activities/surveys'
import { landings, wanderings } from './catalog'
import type { Session } from './session'

/** Plays one visit of a visitor. @param visit from 1 */
export function playVisit(session: Session, visit: number): void {
  if (session.visitor.known) {
    signIn(session)
    work(session)
    return
  }
  lookAround(session)
  if (visit === session.visitor.signUpVisit) signUp(session)
}

function lookAround(session: Session): void {
  const { random } = session
  readOn(session, random.weighted(landings))
  // A bounce, except for those who came to sign up.
  if (session.visitor.signUpVisit === 0 && random.chance(0.34)) return
  for (let more = random.int(1, 5); more > 0; more -= 1) readOn(session, random.weighted(wanderings))
  if (random.chance(0.36)) shop(session)
}

function signUp(session: Session): void {
  const { random, visitor } = session
  session.view('/sign-up')
  session.wait(20)
  visitor.known = true
  session.event('sign_up', 'account', {
    plan: visitor.plan,
    method: random.pick(['email', 'google', 'github']),
  })
  const setUp = runFunnel(session, 'onboarding', [
    { stage: 'create_account', goesOn: 0.93, seconds: 20 },
    { stage: 'verify_email', goesOn: 0.84, seconds: 95 },
    { stage: 'create_project', goesOn: 0.79, seconds: 60 },
    { stage: 'send_first_event', goesOn: 1, seconds: 8 },
  ])
  if (setUp || random.chance(0.3)) onboard(session)
  if (random.chance(0.5)) workWithFeature(session)
}

function signIn(session: Session): void {
  session.view(session.random.chance(0.3) ? '/' : '/app')
  if (session.random.chance(0.45)) session.event('sign_in', 'account', {})
}

function work(session: Session): void {
  const { random, visitor } = session
  for (let more = random.int(1, 3); more > 0; more -= 1) workWithFeature(session)
  if (random.chance(0.3)) trade(session)
  if (random.chance(0.16)) shop(session)
  if (random.chance(0.09)) askForHelp(session)
  if (visitor.plan !== 'team' && random.chance(0.07)) upgrade(session)
  if (random.chance(0.2)) readOn(session, random.weighted(wanderings))
  if (random.chance(0.06)) survey(session, 'nps', visitor.plan === 'free' ? 0.76 : 0.84, 'sign_in')
}
