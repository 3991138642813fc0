// The REST API of one member: Patroni's paths and status codes over the bodies of ./patroni.
import { createServer, type Server as HttpServer } from 'node:http'
import type { MemberName } from './home'
import {
  type ClusterView,
  clusterBody,
  config,
  historyBody,
  type MemberStatus,
  patroniBody,
  readStatus,
} from './patroni'

interface Answer {
  status: number
  body: unknown
}

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
    return { status: 200, body: historyBody(view.members[view.state().leader].server.folder) }
  },
  '/config': () => ({ status: 200, body: config }),
}

/** Serves the API of `name` on its loopback port. It answers whether PostgreSQL runs or not. */
export function serveRest(view: ClusterView, name: MemberName): Promise<HttpServer> {
  const server = createServer(async (request, response) => {
    const [path = '/', search] = (request.url ?? '/').split('?', 2)
    const handler = Object.hasOwn(routes, path) ? routes[path] : undefined
    const query = new URLSearchParams(search)
    const { status, body } = await answer(request.method ?? 'GET', handler, view, name, query)
    const json = typeof body !== 'string'
    response.writeHead(status, { 'content-type': json ? 'application/json' : 'text/plain; charset=utf-8' })
    response.end(request.method === 'GET' ? (json ? JSON.stringify(body) : body) : undefined)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: view.members[name].ports.restPort, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}

async function answer(
  method: string,
  handler: Handler | undefined,
  view: ClusterView,
  name: MemberName,
  query: URLSearchParams,
): Promise<Answer> {
  if (!handler) return { status: 404, body: 'Not found' }
  if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) return { status: 501, body: 'Not implemented' }
  try {
    return await handler(view, name, query)
  } catch {
    return { status: 500, body: 'Internal error' }
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
