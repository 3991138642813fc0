import { sessionIdOf } from './identity'

/** Without a page view for longer than this, a visitor's next one starts a session. */
export const IDLE_MS = 30 * 60_000

/** Puts page views into sessions. They must come in order of time. */
export class Sessions {
  private readonly open = new Map<string, { id: string; last: number }>()

  /** The session of a visitor's page view at this time, in milliseconds since 1970. */
  of(visitor: string, at: number): string {
    const open = this.open.get(visitor)
    if (open && Math.abs(at - open.last) <= IDLE_MS) {
      open.last = Math.max(open.last, at)
      return open.id
    }
    const id = sessionIdOf(visitor, at)
    this.open.set(visitor, { id, last: at })
    return id
  }

  /** Forgets sessions that no page view from this time on can belong to. */
  forgetBefore(at: number): void {
    for (const [visitor, { last }] of this.open) if (last < at - IDLE_MS) this.open.delete(visitor)
  }
}
