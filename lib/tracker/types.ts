/** What an app sees of the tracker. Everything here is in the types that are served beside `holdfast.mjs`. */

export type Properties = Record<string, unknown>

/** Of a record of any kind. */
export interface Extra {
  /** An object of yours: up to 16 KB. */
  properties?: Properties
}

export interface EventFields extends Extra {
  /** `custom`, if absent. */
  type?: string
  category?: string
  durationMs?: number
}

export interface FeatureFields extends Extra {
  category?: string
  durationMs?: number
  success?: boolean
  error?: string
}

export interface RunFields extends Extra {
  /** One pass through the funnel or the journey; one a user, if absent. */
  runId?: string
}

export type SurveyKind = 'nps' | 'csat' | 'ces'

export interface ResponseFields extends Extra {
  question?: string
  /** In the user's own words. */
  response?: string
  /** Where and why it was asked. */
  context?: Properties
}

/** A record on its way, as `beforeSend` sees it: `kind`, `id`, `occurredAt`, who, and the fields of its kind. */
export type Outgoing = { kind: string; id: string; occurredAt: string } & Record<string, unknown>

export interface Options {
  /** The project's write key, `wk_…`. */
  key: string
  /** The address of Holdfast, such as `https://holdfast.example`. */
  api: string
  /** Hosts to record on, as a list or with commas between them; all, if absent. */
  domains?: string[] | string
  /** Leaves `?…` out of addresses. */
  excludeSearch?: boolean
  /** Page views, engaged time, outbound links and `data-hf-event` by themselves; true, if absent. */
  auto?: boolean
  /** Asks the surveys that were made for the page; true, if absent. */
  surveys?: boolean
  /** Sees every record before it is kept: returns it, changed or not, or nothing to leave it out. */
  beforeSend?: (record: Outgoing) => Outgoing | null | undefined
}

/** None of these throws, whatever the page or the network does; none waits for the network. */
export interface Holdfast {
  /** Records an event by name. */
  track(name: string, properties?: Properties, fields?: EventFields): void
  /** Records a use of a feature: `opened`, `used` (if absent) or `completed`. */
  feature(feature: string, action?: 'opened' | 'used' | 'completed', fields?: FeatureFields): void
  /**
   * Runs a function and records it as a completed use of a feature, with its duration, whether it succeeded and the
   * message of its error. Resolves and rejects as the function does.
   */
  time<T>(feature: string, work: () => T | Promise<T>, fields?: FeatureFields): Promise<T>
  /** Records that a user entered a stage of a funnel; `order` counts from 1. */
  stage(funnel: string, stage: string, order: number, fields?: RunFields): void
  completeFunnel(funnel: string, fields?: RunFields): void
  /** Records a step of a journey. */
  step(journey: string, step: string, fields?: RunFields): void
  completeJourney(journey: string, fields?: RunFields): void
  /** Records the answer to a survey: nps 0–10, csat 1–5, ces 1–7. */
  respond(survey: SurveyKind, score: number, fields?: ResponseFields): void
  /** Names the user: what was recorded before under the anonymous id becomes theirs. */
  identify(userId: string): void
  /** Forgets the user, for a sign-out: a new anonymous id and a new session. */
  reset(): void
  /** Records nothing any more on this device, and forgets what was not sent yet. */
  optOut(): void
  /** Records again; an explicit yes, which also overrides what the browser says of tracking. */
  optIn(): void
}

/** What a survey asks. */
export interface Question {
  survey: SurveyKind
  question: string
  /** What is asked after the score, for words; null asks nothing more. */
  followUp: string | null
}

/** A survey as the server tells it, and when to ask it. */
export interface Survey extends Question {
  id: string
  /** A regular expression for the paths of the pages that it is asked on, made from a pattern such as `/orders/*`. */
  pattern: string
  /** Seconds on the page before it is asked. */
  delaySeconds: number
  /** Days until the same person is asked again, answered or not. */
  everyDays: number
}

/** What `survey.js` exports: shows a survey, and calls back at most once, when a score was given. */
export type Ask = (asked: Question, answer: (score: number, response?: string) => void) => void
