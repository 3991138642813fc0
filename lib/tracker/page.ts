/** Without a sign of life for so long someone is taken to have left, in milliseconds. */
const ACTIVE_MS = 30_000
/** Between two looks at the session while someone is active, in milliseconds. */
const TOUCH_MS = 10_000
/** How long an app may take to set the title after it changed the address, in milliseconds. */
const TITLE_MS = 100

/** Listens to events by their names; keeps every fault to itself. */
export type On = (target: EventTarget, names: string, listener: (event: Event) => void) => void

/**
 * Records page views, the time that pages are looked at, outbound links and what `data-hf-event` marks.
 *
 * @param address the address of the page, as it is recorded
 * @param clean makes such an address of another
 * @param touch is called now and then while someone is active
 * @param viewed is called when another page is seen
 */
export function watchPage(
  on: On,
  address: () => string,
  clean: (url: string) => string,
  record: (type: string, fields: object) => void,
  touch: () => unknown,
  viewed: () => void,
): void {
  let seen = ''
  let referrer = clean(document.referrer)
  let engaged = 0
  /** When someone was last active, by the page's own clock; 0 while the page is hidden. */
  let since = 0
  let touched = 0

  const count = () => {
    const now = performance.now()
    if (since) engaged += Math.min(now - since, ACTIVE_MS)
    since = document.hidden ? 0 : now
  }
  const leave = () => {
    count()
    if (seen && engaged) record('engagement', { pageUrl: seen, durationMs: engaged })
    engaged = 0
  }
  const view = () => {
    const pageUrl = address()
    if (pageUrl === seen) return
    leave()
    record('page_view', { pageUrl, pageTitle: document.title.slice(0, 500), referrer })
    seen = referrer = pageUrl
    viewed()
  }
  const moved = () => setTimeout(view, TITLE_MS)
  for (const name of ['pushState', 'replaceState'] as const) {
    const native = history[name]
    history[name] = function (...change) {
      native.apply(this, change)
      moved()
    }
  }
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
    count()
    if (since - touched > TOUCH_MS) {
      touched = since
      touch()
    }
  })
  on(document, 'click auxclick submit', ({ type, target }) => {
    const closest = <E extends Element>(selector: string) => (target as Element).closest<E>(selector)
    const marked = closest<HTMLElement>('[data-hf-event]')
    // A form is marked for its submission, not for every click in it.
    if (marked && (type === 'submit') === (marked.tagName === 'FORM')) {
      const properties: Record<string, unknown> = {}
      for (const [name, value] of Object.entries(marked.dataset))
        if (/^hf(?!Event)/.test(name)) properties[name.charAt(2).toLowerCase() + name.slice(3)] = value
      record(type, { name: marked.dataset.hfEvent, properties })
    }
    const link = closest<HTMLAnchorElement>('a[href^=http]')
    if (link && link.host !== location.host)
      record('outbound_link', { properties: { url: clean(link.href) } })
  })
  // A page in a tab behind, or only prepared in case it is asked for, is not seen yet.
  if (!document.hidden) view()
}
