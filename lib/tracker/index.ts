import { openOutbox, WAIT_MS } from './outbox'
import { type On, SESSION_MS, watchPage } from './page'
import { openStore } from './store'
import { watchSurveys } from './surveys'
import type { Holdfast, Options, Outgoing } from './types'

/** A random UUID, version 4; `crypto.randomUUID` is there on https only. */
const newId = () =>
  '00000000-0000-4000-8000-000000000000'.replace(/0/g, () =>
    ((crypto.getRandomValues(new Uint8Array(1))[0] as number) & 15).toString(16),
  )

/** Starts the tracker for a project. What goes wrong in it, goes wrong in silence: the app never sees an exception. */
export function start({ key, api, domains, excludeSearch, auto, surveys, beforeSend }: Options): Holdfast {
  // Projects on one origin do not mix.
  const store = openStore(`hf.${key}.`)
  const outbox = openOutbox(store, api, key, (count) => report(count))
  let last = 0

  const allowed = () => {
    const said = store.get('opt')
    const { globalPrivacyControl, doNotTrack } = navigator as Navigator & { globalPrivacyControl?: boolean }
    // Where there is no location, as on a server that renders, nothing is recorded.
    const here = `,${domains ?? location.hostname},`.includes(`,${location.hostname},`)
    return here && (said ? said === 'in' : !globalPrivacyControl && doNotTrack !== '1')
  }
  const clean = (url: string) => (excludeSearch ? url.replace(/\?[^#]*/g, '') : url).slice(0, 2000)
  /** A `#` counts where it is part of the way, as in `#/orders`. */
  const address = () => clean(location.href.replace(/#(?![/!]).*/, ''))

  const guarded =
    <Given extends unknown[], Result>(work: (...given: Given) => Result, lost = 0) =>
    (...given: Given) => {
      try {
        return work(...given)
      } catch {
        // Such as properties that are no JSON, or a beforeSend that throws: a record is lost, and counted.
        if (lost) outbox.lose()
      }
    }

  const remembered = (name: string) => {
    const value = store.get(name) || newId()
    store.set(name, value)
    return value
  }
  /** The session's id, of which another 30 minutes begin. */
  const session = () => {
    const [known, at] = store.get('session').split(' ')
    const id = Date.now() - +(at ?? 0) < SESSION_MS ? known : newId()
    store.set('session', `${id} ${Date.now()}`)
    return id
  }
  const forget = () => ['anonymous', 'user', 'session'].forEach(store.remove)

  /** Milliseconds since 1970, each later than the one before, so that records have an order. A clock set back is followed. */
  const next = () => {
    const now = Date.now()
    last = now > last || now < last - 1000 ? now : last + 1
    return last
  }
  /** Keeps a record, if that is allowed and wanted. @param mark ends its name in the queue */
  const record = (kind: string, fields: object, sessionId?: string, mark = '') => {
    if (!allowed()) return
    const at = next()
    const made: Outgoing = {
      anonymousId: remembered('anonymous'),
      userId: store.get('user') || undefined,
      sessionId: (sessionId ?? session()) || undefined,
      occurredAt: new Date(at).toISOString(),
      ...fields,
      kind,
      id: newId(),
    }
    const sent = beforeSend ? beforeSend(made) : made
    if (sent) outbox.add(at, made.id + mark, sent)
  }
  const event = guarded(
    (fields: object, sessionId?: string) => record('event', { pageUrl: address(), ...fields }, sessionId),
    1,
  )

  // Of no session: nobody need be there.
  const report = guarded((count: number) =>
    record('event', { type: 'records_dropped', properties: { count } }, '', 'r'),
  )
  const on: On = (target, names, listener) => {
    for (const name of names.split(' ')) target.addEventListener(name, guarded(listener), true)
  }

  const holdfast: Holdfast = {
    track: (name, properties, fields) => event({ ...fields, name, properties }),
    feature: (feature, action = 'used', fields) => record('feature', { ...fields, feature, action }),
    stage: (funnel, stage, stageOrder, fields) => record('stage', { ...fields, funnel, stage, stageOrder }),
    completeFunnel: (funnel, fields) => record('stage', { ...fields, funnel, completed: true }),
    step: (journey, step, fields) => record('step', { ...fields, journey, step }),
    completeJourney: (journey, fields) => record('step', { ...fields, journey, completed: true }),
    respond: (survey, score, fields) => record('response', { ...fields, survey, score }),
    identify(userId) {
      const known = store.get('user')
      // Apps name their user with every page, and nobody where nobody is signed in; some by a number.
      if (!userId || `${userId}` === known || !allowed()) return
      // Another than before is another person, of whom nothing is known here.
      if (known) forget()
      store.set('user', userId)
      outbox.add(next(), 'i', { anonymousId: remembered('anonymous'), userId: `${userId}` })
    },
    reset: forget,
    optOut() {
      store.names('').forEach(store.remove)
      store.set('opt', 'out')
    },
    optIn: () => store.set('opt', 'in'),
    async time(feature, work, fields) {
      const from = guarded(() => performance.now())()
      const note = guarded((success: boolean, thrown?: unknown) => {
        const error = thrown ? `${(thrown as Error).message ?? thrown}` : undefined
        const durationMs = performance.now() - (from as number)
        record('feature', { ...fields, feature, action: 'completed', durationMs, success, error })
      }, 1)
      try {
        const result = await work()
        note(true)
        return result
      } catch (thrown) {
        note(false, thrown)
        throw thrown
      }
    },
  }
  for (const [name, call] of Object.entries(holdfast)) holdfast[name as 'reset'] = guarded(call, 1)

  // Each by itself: what a page broke for one of them leaves the others.
  guarded(() => {
    const touch = () => allowed() && session()
    const asks = () => surveys !== false && allowed()
    const viewed = watchSurveys(store, api, key, asks, holdfast.respond)
    if (auto === false) viewed()
    else watchPage(guarded, on, address, clean, event, touch, viewed)
  })()
  guarded(() => {
    // After the page's own listener, which records for how long it was looked at.
    on(document, 'visibilitychange', () => document.hidden && outbox.hide())
    // With what an earlier page left.
    outbox.schedule(WAIT_MS)
  })()
  return holdfast
}
