/** Without a sign of life for so long someone is taken to have left, in milliseconds. */
const ACTIVE_MS = 30_000
/** Between two looks at the session while someone is active, in milliseconds. */
const TOUCH_MS = 10_000
/** How long an app may take to set the title after it changed the address, in milliseconds. */
const TITLE_MS = 100

/** An idle time after which a session has ended, in milliseconds. */
export const SESSION_MS = 30 * 60_000

/** Of it, what surely ends one: it is counted from a little after what somebody last did. */
const OVER_MS = SESSION_MS - 100_000

/** Makes a function that keeps its faults to itself. */
export type Guard = <Given extends unknown[]>(
  work: (...given: Given) => unknown,
) => (...given: Given) => unknown
/** Listens to events by their names; keeps every fault to itself. */
export type On = (target: EventTarget, names: string, listener: (event: Event) => void) => void

/**
 * Records page views, the time that pages are looked at, outbound links and what `data-hf-event` marks.
 *
 * @param address the address of the page, as it is recorded
 * @param clean makes such an address of another
 * @param record keeps an event; without a session, if that is empty
 * @param touch is called now and then while someone is active
 * @param viewed is called when another page is seen
 */
export function watchPage(
  guard: Guard,
  on: On,
  address: () => string,
  clean: (url: string) => string,
  record: (event: object, session?: string) => void,
  touch: () => unknown,
  viewed: () => void,
): void {
  let seen = ''
  let referrer = clean(`${document.referrer}`)
  let engaged = 0
  /** When someone was last active; 0 while the page is hidden. */
  let since = 0
  let touched = 0

  /** Counts until now. @returns for how long nobody has been there, in milliseconds */
  const count = () => {
    // Unlike a page's own clock it goes on while the machine sleeps; it may also be set back.
    const now = Date.now()
    const lasted = since && Math.max(now - since, 0)
    const active = Math.min(lasted, ACTIVE_MS)
    engaged += active
    since = document.hidden ? 0 : now
    return lasted - active
  }
  const leave = (idle = count()) => {
    const occurredAt = new Date(Date.now() - idle).toISOString()
    if (seen && engaged)
      record(
        { type: 'engagement', pageUrl: seen, durationMs: engaged, occurredAt },
        // What was looked at belongs to a session that has ended, and begins none.
        idle > OVER_MS ? '' : undefined,
      )
    engaged = 0
  }
  const view = () => {
    const pageUrl = address()
    if (pageUrl === seen) return
    leave()
    // An element of that name may stand in for the title.
    record({ type: 'page_view', pageUrl, pageTitle: `${document.title}`, referrer })
    seen = referrer = pageUrl
    viewed()
  }
  const moved = guard(() => setTimeout(guard(view), TITLE_MS))
  for (const name of ['pushState', 'replaceState'] as const)
    guard(() => {
      const native = history[name]
      history[name] = (...change) => {
        native.apply(history, change)
        moved()
      }
    })()
  on(window, 'popstate', moved)
  on(document, 'visibilitychange', () => {
    view()
    leave()
  })
  on(window, 'pageshow', (event) => {
    // A page that came back as it was left is seen once more.
    if ((event as PageTransitionEvent).persisted) {
      seen = ''
      view()
    }
  })
  on(window, 'click pointermove keydown scroll', () => {
    const idle = count()
    if (idle > OVER_MS) leave(idle)
    if (since - touched > TOUCH_MS) {
      touched = since
      touch()
    }
  })
  on(document, 'click auxclick submit', (event) => {
    const { type, target, button } = event as MouseEvent
    // The middle one opens, the right one does not.
    if (button > 1) return
    const closest = <E extends Element>(selector: string) => (target as Element).closest<E>(selector)
    const marked = closest<HTMLElement>('[data-hf-event]')
    // A form is marked for its submission, not for every click in it.
    if (marked && (type === 'submit') === (marked.tagName === 'FORM')) {
      const properties: Record<string, unknown> = {}
      for (const [name, value] of Object.entries(marked.dataset))
        if (/^hf(?!Event)/.test(name)) properties[name.charAt(2).toLowerCase() + name.slice(3)] = value
      record({ type, name: marked.dataset.hfEvent, properties })
    }
    const link = closest<HTMLAnchorElement>('a[href]')
    if (link && /^http/.test(link.protocol) && link.host !== location.host)
      record({ type: 'outbound_link', properties: { url: clean(link.href) } })
  })
  // A page in a tab behind, or only prepared in case it is asked for, is not seen yet.
  if (!document.hidden) view()
}
