import { start } from './index'
import type { Holdfast, Outgoing } from './types'

/** The entry of `holdfast.js`: a tracker made from the attributes of its own script tag, as `window.holdfast`. */

type Hook = (record: Outgoing) => Outgoing
type Waiting = { q?: [keyof Holdfast, unknown[]?][] }
const page = window as unknown as Record<string, unknown> & { holdfast?: Partial<Holdfast> & Waiting }
/** Null in a module, or in what a bundler took in, which have no attributes. */
const script = document.currentScript as HTMLScriptElement | null
const { key, api, domains, auto, surveys, beforeSend, excludeSearch } = { ...script?.dataset }

// Loaded twice it starts once.
if (key && !page.holdfast?.track) {
  const waiting = page.holdfast?.q
  const holdfast = start({
    key,
    api: api ?? (script as HTMLScriptElement).src.replace(/\/[^/]*$/, ''),
    domains,
    excludeSearch: excludeSearch !== undefined,
    auto: auto !== 'false',
    surveys: surveys !== 'false',
    // None by an empty name.
    beforeSend: (beforeSend && ((record) => (page[beforeSend] as Hook)(record))) as Hook | undefined,
  })
  page.holdfast = holdfast
  // Calls that were made before this script was there.
  waiting?.forEach?.((call) => {
    try {
      const [name, given = []] = call
      ;(holdfast[name] as (...given: unknown[]) => void)(...given)
    } catch {
      // Not a call of ours.
    }
  })
}
