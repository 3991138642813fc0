import { LOST, QUEUED, type Store } from './store'

/** Kept at the most, in records and in characters: the app needs room of its own in localStorage. */
const MOST = 1000
const MOST_CHARACTERS = 1_000_000
/** And of one record: the server takes none that is larger. */
const MOST_OF_ONE = 65_000
/** From a record to its request, in milliseconds, and the number of records that do not wait for it. */
export const WAIT_MS = 5000
const AT_ONCE = 20
/** Characters of one request. The last one of a page may have 64 KB, and a character has up to 3 bytes. */
const ROOM = 300_000
const LAST_ROOM = 20_000
/** Records of one request: the server takes twice as many. */
const BATCH = 500
/** A request that takes longer has failed, in milliseconds. */
const TIMEOUT_MS = 30_000
/** Waits after failures grow to 256 seconds. */
const MOST_DOUBLINGS = 8
/** A wait beyond this is that of a clock which was set back since, in milliseconds. */
const MOST_TOLD_MS = 86_400_000

/** Whether it is one of the app's own: neither an `i`dentification nor a `r`eport of losses, which are not lost themselves. */
const isRecord = (name: string) => !/[ir]$/.test(name)

/**
 * Keeps what was recorded until the server has acknowledged it, and sends it. Each item stands by itself in the store,
 * so that tabs add and remove without taking turns, and a page that dies leaves its records to the next one. One tab at a
 * time sends for all, where the browser has locks; without them a record may be sent twice, and is counted once.
 *
 * @param report records how many records were lost, if the app lets it
 */
export function openOutbox(store: Store, api: string, key: string, report: (count: number) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  /** Since the last look at what there is to send. */
  let added = 0
  let most = BATCH

  const { names } = store
  // Tabs count at the same time, most of them apart.
  const lost = LOST + ((Math.random() * 16) | 0)
  const lose = () => store.set(lost, +store.get(lost) + 1)
  const schedule = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(flush, ms)
  }
  /** Milliseconds until a server that failed may be asked again, by this tab or another. */
  const wait = () => {
    const ms = +store.get('wait') - Date.now()
    return ms < MOST_TOLD_MS ? ms : 0
  }

  /** Sends the oldest records, as many as there is room for, or the oldest identification. True if there may be more. */
  const send = async (room: number, identity: boolean, keepalive?: boolean) => {
    // One second, then twice as long each time; less by up to a half, so that not all come back at once.
    let ms = 2 ** Math.min(failures, MOST_DOUBLINGS) * 500 * (1 + Math.random())
    try {
      const texts: string[] = []
      const sent = names()
        .filter((name) => name.endsWith('i') === identity)
        .slice(0, identity ? 1 : most)
        .filter((name) => {
          // What another tab has sent in the meantime is empty.
          const text = store.get(name)
          room -= text.length
          return text && (room >= 0 || !texts[0]) && texts.push(text)
        })
      if (!sent[0]) return
      failures++
      const [path, rest] = identity
        ? ['users/identify', `${texts}`.slice(1)]
        : ['events/batch', `"sentAt":"${new Date().toISOString()}","records":[${texts}]}`]
      const answer = await fetch(`${api}/api/analytics/user/${path}`, {
        method: 'POST',
        // As text/plain, which a string is, no browser asks leave first.
        body: `{"writeKey":"${key}",${rest}`,
        keepalive,
        signal: AbortSignal.timeout?.(TIMEOUT_MS),
      })
      const refused = /4(00|09|13|22)/.test(answer.status as unknown as string)
      // Anyone may answer 200, such as a hotel's network: only our own words are an acknowledgement.
      const receipt = answer.ok ? await answer.json() : {}
      // Of several that are refused together one may be why: it is looked for, so that it is lost alone.
      const isDone = refused ? !sent[1] : !!receipt.userId || receipt.accepted >= 0
      if (!identity) most = refused ? sent.length >> 1 || 1 : BATCH
      if (isDone) {
        const out: { index: number }[] = receipt.rejected ?? (refused ? [{ index: 0 }] : [])
        // Of what two requests had, one has told already.
        for (const { index } of out) {
          const name = sent[index] as string
          if (isRecord(name) && store.get(name)) lose()
        }
        sent.forEach(store.remove)
        // Now that records get through again; where some do not, a report might not, either.
        let count = 0
        for (const name of names(LOST)) count += +store.get(name)
        if (count && !out[0]) report(count)
      }
      // After one that is refused by itself the next waits: it may be that all are.
      if (isDone !== refused) {
        failures = 0
        return true
      }
      ms += 1000 * +(answer.headers.get('retry-after') ?? 0) || 0
    } catch {
      // The network, or a page that broke its fetch: what was not acknowledged is still there.
    }
    store.set('wait', Date.now() + ms)
  }

  const flush = async () => {
    timer = undefined
    added = 0
    try {
      // The oldest go when there is no room; who somebody is stays.
      let count = 0
      let characters = 0
      for (const name of names().reverse()) {
        characters += store.get(name).length
        if ((++count > MOST || characters > MOST_CHARACTERS) && isRecord(name)) {
          store.remove(name)
          lose()
        }
      }
      const sendAll = async (lock: unknown) => {
        // Records first: they are taken even while the database, which an identification needs, does not answer.
        for (const identity of [false, true])
          while (lock && navigator.onLine && wait() <= 0 && (await send(ROOM, identity)));
      }
      try {
        await navigator.locks.request(key, { ifAvailable: true }, sendAll)
      } catch {
        await sendAll(true)
      }
      if (names()[0]) schedule(Math.max(wait(), WAIT_MS))
    } catch {
      // A page that broke what we go by; the next record tries again.
    }
  }

  return {
    lose,
    schedule,
    /** Keeps an item and sends it soon. @param id `i` for an identification; with an `r` at its end for a report */
    add(at: number, id: string, item: object) {
      const text = JSON.stringify(item)
      if (text.length > MOST_OF_ONE) return lose()
      store.set(QUEUED + at + id, text)
      // Told now.
      if (id.endsWith('r')) names(LOST).forEach(store.remove)
      if (++added >= AT_ONCE || !timer) schedule(added < AT_ONCE ? WAIT_MS : 0)
    },
    /** The page may be gone at any moment: sends what last requests can hold. */
    hide() {
      if (wait() <= 0) for (const identity of [true, false]) void send(LAST_ROOM, identity, true)
    },
  }
}
