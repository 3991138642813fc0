/** How the names of what waits to be sent begin, and of how many records were lost. */
export const QUEUED = 'q'
export const LOST = 'x'

/** What the tracker keeps on a device: text by name. */
export interface Store {
  /** Empty, if it is not kept. */
  get(name: string): string
  set(name: string, value: unknown): void
  remove(name: string): void
  /** The names that begin so, in order: of what is queued, if nothing is said. */
  names(start?: string): string[]
}

/**
 * Keeps in localStorage, which all tabs of an origin share, and in this page's memory what localStorage does not take:
 * it may be blocked, full, or broken by the page. Never throws.
 */
export function openStore(prefix: string): Store {
  const memory: Record<string, string> = {}
  const safely = <T>(work: () => T): T | undefined => {
    try {
      return work()
    } catch {
      return undefined
    }
  }
  const get = (name: string): string =>
    memory[prefix + name] ?? safely(() => localStorage.getItem(prefix + name)) ?? ''
  const remove = (name: string) => {
    delete memory[prefix + name]
    safely(() => localStorage.removeItem(prefix + name))
  }
  return {
    get,
    set(name, value) {
      delete memory[prefix + name]
      safely(() => localStorage.setItem(prefix + name, `${value}`))
      // What did not take it may have thrown, or have done nothing.
      if (get(name) !== `${value}`) memory[prefix + name] = `${value}`
    },
    remove,
    names: (start = QUEUED) =>
      safely(() =>
        Object.keys(safely(() => localStorage) ?? {})
          .concat(Object.keys(memory))
          .filter((name) => name.startsWith(prefix + start))
          .map((name) => name.slice(prefix.length))
          .sort(),
      ) ?? [],
  }
}
