import type { Session } from '@/scripts/seed/session'

export interface Stage {
  stage: string
  /** How likely it is that the next one is reached. */
  goesOn: number
  /** The median of the time in this stage. */
  seconds: number
}

/** Goes through a funnel as far as it leads; true at its end, where the run is completed. */
export function runFunnel(session: Session, funnel: string, stages: Stage[]): boolean {
  const runId = session.random.code('f')
  for (const [index, { stage, goesOn, seconds }] of stages.entries()) {
    session.record('stages', {
      funnel,
      runId,
      stage,
      stageOrder: index + 1,
      completed: false,
      properties: session.about(),
    })
    session.wait(seconds, 0.8)
    if (!session.random.chance(goesOn)) return false
  }
  session.record('stages', { funnel, runId, completed: true, properties: session.about() })
  return true
}

/** From the prices to a paid plan. */
export function upgrade(session: Session): void {
  session.view('/pricing')
  const done = runFunnel(session, 'upgrade', [
    { stage: 'view_plans', goesOn: 0.58, seconds: 34 },
    { stage: 'choose_plan', goesOn: 0.63, seconds: 41 },
    { stage: 'billing_details', goesOn: 0.71, seconds: 83 },
    { stage: 'confirm', goesOn: 1, seconds: 5 },
  ])
  if (!done) return
  session.visitor.plan = session.visitor.plan === 'free' ? 'pro' : 'team'
  session.event('plan_upgraded', 'billing', { price: session.visitor.plan === 'pro' ? 29 : 99 })
}
