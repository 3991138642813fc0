import { QUEUED, type Store } from './store'

/** Kept at the most, in records and in characters: the app needs room of its own in localStorage. */
const MOST = 1000
const MOST_CHARACTERS = 1_000_000
/** From a record to its request, in milliseconds, and the number of records that do not wait for it. */
export const WAIT_MS = 5000
const AT_ONCE = 20
/** Characters of one request. The last one of a page may have 64 KB, and a character has up to 3 bytes. */
const ROOM = 300_000
const LAST_ROOM = 20_000
/** A request that takes longer has failed, in milliseconds. */
const TIMEOUT_MS = 30_000
/** Waits after failures grow to 256 seconds. */
const MOST_DOUBLINGS = 8
/** A wait beyond this is that of a clock which was set back since, in milliseconds. */
const MOST_TOLD_MS = 86_400_000

/**
 * Keeps what was recorded until the server has acknowledged it, and sends it. Each item stands by itself in the store,
 * so that tabs add and remove without taking turns, and a page that dies leaves its records to the next one. One tab at a
 * time sends for all, where the browser has locks; without them a record may be sent twice, and is counted once.
 */
export function openOutbox(store: Store, api: string, key: string) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  /** Since the last look at what there is to send. */
  let added = 0

  const { names } = store
  const lose = (count: number) => count && store.set('lost', Number(store.get('lost')) + count)
  const schedule = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(flush, ms)
  }
  /** Milliseconds until a server that failed may be asked again, by this tab or another. */
  const wait = () => {
    const ms = Number(store.get('wait')) - Date.now()
    return ms < MOST_TOLD_MS ? ms : 0
  }

  /** Sends the oldest records, as many as there is room for, or the oldest identification. True if there may be more. */
  const send = async (room: number, keepalive?: boolean) => {
    const all = names()
    if (!all[0]) return
    // One second, then twice as long each time; less by up to a half, so that not all come back at once.
    let ms = 2 ** Math.min(failures++, MOST_DOUBLINGS) * 500 * (1 + Math.random())
    try {
      // Records first: they are taken even while the database, which an identification needs, does not answer.
      const records = all.filter((name) => !name.endsWith('i'))
      const sent = (records[0] ? records : all.slice(0, 1)).filter((name, index) => {
        room -= store.get(name).length
        return room >= 0 || !index
      })
      // What another tab has sent in the meantime is empty.
      const texts = sent.map(store.get).filter(Boolean)
      const [path, rest] = records[0]
        ? ['events/batch', `"sentAt":"${new Date().toISOString()}","records":[${texts}]}`]
        : ['users/identify', `${texts}`.slice(1)]
      const answer = await fetch(`${api}/api/analytics/user/${path}`, {
        method: 'POST',
        // As text/plain, which a string is, no browser asks leave first.
        body: `{"writeKey":"${key}",${rest}`,
        keepalive,
        signal: AbortSignal.timeout?.(TIMEOUT_MS),
      })
      const refused = /4(00|09|13|22)/.test(`${answer.status}`)
      // Anyone may answer 200, such as a hotel's network: only our own words are an acknowledgement.
      const receipt = answer.ok ? await answer.json() : {}
      if (refused || receipt.userId || receipt.accepted >= 0) {
        sent.forEach(store.remove)
        lose(refused ? texts.length : receipt.rejected?.length)
        failures = 0
        return true
      }
      ms = Number(answer.headers.get('retry-after')) * 1000 || ms
    } catch {
      // The network, or a page that broke its fetch: what was not acknowledged is still there.
    }
    store.set('wait', Date.now() + ms)
  }

  const flush = async () => {
    timer = undefined
    added = 0
    // The oldest go when there is no room.
    let count = 0
    let characters = 0
    for (const name of names().reverse()) {
      characters += store.get(name).length
      if (++count > MOST || characters > MOST_CHARACTERS) {
        store.remove(name)
        lose(1)
      }
    }
    const sendAll = async (lock: unknown) => {
      while (lock && navigator.onLine !== false && wait() <= 0 && (await send(ROOM)));
    }
    try {
      await navigator.locks.request(key, { ifAvailable: true }, sendAll)
    } catch {
      await sendAll(true)
    }
    if (names()[0]) schedule(Math.max(wait(), WAIT_MS))
  }

  return {
    lose,
    schedule,
    /** Keeps an item, an `i`dentification or a record, and sends it soon. */
    add(at: number, id: string, item: object) {
      store.set(QUEUED + at + id, JSON.stringify(item))
      if (++added >= AT_ONCE || !timer) schedule(added < AT_ONCE ? WAIT_MS : 0)
    },
    /** The page may be gone at any moment: sends what one last request can hold. */
    hide() {
      if (wait() <= 0) void send(LAST_ROOM, true)
    },
  }
}
