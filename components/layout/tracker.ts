import type { Holdfast } from '@/lib/tracker/types'

type Call = [method: keyof Holdfast, args: unknown[]]

/** `window.holdfast`: the tracker, or, until its script is there, a queue that it takes over. */
type OnPage = Partial<Record<keyof Holdfast, (...args: unknown[]) => unknown>> & { q?: Call[] }

function call(method: keyof Holdfast, ...args: unknown[]): void {
  if (typeof window === 'undefined') return
  const page = window as Window & { holdfast?: OnPage }
  page.holdfast ??= {}
  const known = page.holdfast[method]
  if (known) known(...args)
  else {
    page.holdfast.q ??= []
    page.holdfast.q.push([method, args])
  }
}

/** The tracker of the page, which may be called before its script is there, or on a page that has none. */
export const tracker: Holdfast = {
  track: (...args) => call('track', ...args),
  feature: (...args) => call('feature', ...args),
  time: timed,
  stage: (...args) => call('stage', ...args),
  completeFunnel: (...args) => call('completeFunnel', ...args),
  step: (...args) => call('step', ...args),
  completeJourney: (...args) => call('completeJourney', ...args),
  respond: (...args) => call('respond', ...args),
  identify: (userId) => call('identify', userId),
  reset: () => call('reset'),
  optOut: () => call('optOut'),
  optIn: () => call('optIn'),
}

/** What is awaited cannot wait in a queue: before the script is there it is done, and not recorded. */
async function timed<T>(...[feature, work, fields]: Parameters<Holdfast['time']>): Promise<T> {
  const { time } = (globalThis as { holdfast?: Partial<Holdfast> }).holdfast ?? {}
  return (await (time ? time(feature, work, fields) : work())) as T
}
