// The REST API of one member: Patroni's paths and status codes over the bodies of ./patroni.
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http'
import { CLUSTER, type MemberName } from './home'
import type { Answer, Orders } from './orders'
import {
  type ClusterView,
  clusterBody,
  config,
  historyBody,
  type MemberStatus,
  patroniBody,
  readStatus,
} from './patroni'

type Handler = (view: ClusterView, name: MemberName, query: URLSearchParams) => Promise<Answer> | Answer

/** A health check: the body of /patroni, 200 when `passes`, otherwise 503. */
function health(passes: (check: HealthCheck) => boolean | Promise<boolean>): Handler {
  return async (view, name, query) => {
    const status = await readStatus(view, name)
    const state = view.state()
    const running = status.state === 'running'
    const ok = await passes({
      status,
      running,
      primary: running && state.leader === name && status.role === 'primary',
      replica: running && status.role === 'replica',
      sync: state.synchronous === name,
      lag: () => lagOf(view, status),
      maxLag: bytes(query.get('lag')),
    })
    return { status: ok ? 200 : 503, body: patroniBody(view, name, status) }
  }
}

interface HealthCheck {
  status: MemberStatus
  running: boolean
  primary: boolean
  replica: boolean
  sync: boolean
  /** Bytes not yet replayed; infinite when the leader does not tell. */
  lag(): Promise<number>
  maxLag: number | null
}

const near = async (check: HealthCheck, limit: number | null) =>
  limit === null || (await check.lag()) <= limit
const isPrimary = health((check) => check.primary)
const isReplica = health(async (check) => check.replica && (await near(check, check.maxLag)))
const isSync = health((check) => check.replica && check.sync)
const isAsync = health(async (check) => check.replica && !check.sync && (await near(check, check.maxLag)))

const routes: Record<string, Handler> = {
  '/': isPrimary,
  '/primary': isPrimary,
  '/read-write': isPrimary,
  '/leader': isPrimary,
  '/replica': isReplica,
  '/read-only': health((check) => check.primary || check.replica),
  '/sync': isSync,
  '/synchronous': isSync,
  '/async': isAsync,
  '/asynchronous': isAsync,
  '/standby-leader': health(() => false),
  '/health': health((check) => check.running),
  '/readiness': health(async (check) => {
    if (check.primary) return true
    const limit = check.maxLag ?? config.maximum_lag_on_failover
    return check.replica && check.status.facts?.streaming === true && (await near(check, limit))
  }),
  '/liveness': (view, name) => {
    const ok = Date.now() - view.lastSeen() < config.ttl * 1000
    return { status: ok ? 200 : 503, body: { state: view.members[name].server.state } }
  },
  '/patroni': async (view, name) => {
    return { status: 200, body: patroniBody(view, name, await readStatus(view, name)) }
  },
  '/cluster': async (view) => ({ status: 200, body: await clusterBody(view) }),
  '/history': (view) => {
    const { leader, leaders } = view.state()
    return { status: 200, body: historyBody(view.members[leader].server.folder, leaders) }
  },
  '/config': (view) => ({ status: 200, body: { ...config, ...(view.state().paused && { pause: true }) } }),
}

type Order = (orders: Orders, name: MemberName, body: Record<string, unknown>) => Promise<Answer>

const orderRoutes: Record<string, Order> = {
  'POST /switchover': (orders, _name, body) => orders.switchover(body),
  'DELETE /switchover': (orders) => orders.cancelSwitchover(),
  'POST /failover': (orders, _name, body) => orders.failover(body),
  'POST /reinitialize': (orders, name) => orders.reinitialize(name),
  'POST /restore': (orders, _name, body) => orders.restore(body),
  'POST /restart': (orders, name) => orders.restart(name),
  'PATCH /config': (orders, _name, body) => orders.configure(body),
}

export interface Served {
  view: ClusterView
  orders: Orders
  /** Of the user that may give orders. */
  password: string
}

const longestBody = 10_000
/** A page whose name was made to lead to this machine asks by that name. */
const LOOPBACK = /^(127\.0\.0\.1|localhost)(:\d+)?$/

/** Serves the API of `name` on its loopback port. It answers whether PostgreSQL runs or not. */
export function serveRest(served: Served, name: MemberName): Promise<HttpServer> {
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request, served, name)
    const json = typeof body !== 'string'
    response.writeHead(status, {
      'content-type': json ? 'application/json' : 'text/plain; charset=utf-8',
      ...(status === 401 && { 'www-authenticate': 'Basic realm="holdfast"' }),
    })
    response.end(
      request.method === 'HEAD' || request.method === 'OPTIONS'
        ? undefined
        : json
          ? JSON.stringify(body)
          : body,
    )
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const { restPort } = served.view.members[name].ports
    server.listen({ port: restPort, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}

async function answer(request: IncomingMessage, served: Served, name: MemberName): Promise<Answer> {
  const { method = 'GET', url = '/', headers } = request
  if (!LOOPBACK.test(headers.host ?? '')) return { status: 403, body: 'Only this machine is answered' }
  const [path = '/', search] = url.split('?', 2)
  const order = orderRoutes[`${method} ${path}`]
  try {
    if (order) {
      if (!mayOrder(request.headers.authorization, served.password))
        return { status: 401, body: 'no auth header received' }
      const body = await readObject(request)
      return body
        ? await order(served.orders, name, body)
        : { status: 400, body: 'the body is no JSON object' }
    }
    const handler = Object.hasOwn(routes, path) ? routes[path] : undefined
    if (!handler) return { status: 404, body: 'Not found' }
    if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) return { status: 501, body: 'Not implemented' }
    return await handler(served.view, name, new URLSearchParams(search))
  } catch {
    return { status: 500, body: 'Internal error' }
  }
}

/** In a time that does not depend on how much of the password is right. */
function mayOrder(header: string | undefined, password: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  const wanted = `Basic ${Buffer.from(`${CLUSTER}:${password}`).toString('base64')}`
  return timingSafeEqual(hash(header ?? ''), hash(wanted))
}

/** The body as a JSON object; empty is one; undefined if it is none. */
async function readObject(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > longestBody) return undefined
  }
  try {
    const value: unknown = JSON.parse(text || '{}')
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

async function lagOf(view: ClusterView, status: MemberStatus): Promise<number> {
  const leader = await readStatus(view, view.state().leader)
  const end = leader.facts?.location
  const replayed = status.facts?.replayedLocation
  return end == null || replayed == null ? Number.POSITIVE_INFINITY : end - replayed
}

/** Bytes from `1048576`, `1024kB`, `10MB` or `1GB`; null when absent or not a size. */
function bytes(text: string | null): number | null {
  const [, digits, unit] = /^(\d+)\s*(B|kB|MB|GB|TB)?$/i.exec(text ?? '') ?? []
  if (!digits) return null
  return (
    Number(digits) * 1024 ** Math.max(0, ['b', 'kb', 'mb', 'gb', 'tb'].indexOf((unit ?? 'b').toLowerCase()))
  )
}
