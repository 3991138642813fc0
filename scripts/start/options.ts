import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export interface StartOptions {
  port: number
  /** The address that is listened on. */
  host: string
  /** Such as `/holdfast`; empty where the host is Holdfast's own. */
  basePath: string
  /** What people open, without a slash at its end. */
  url: string
  /** Absolute. */
  dataDir: string
  /** The demo's data and its shop. */
  demo: boolean
  /** Holdfast's own pages record how they are used. */
  ownAnalytics: boolean
  resetPasswords: boolean
}

/** A fault that the one who starts can mend: printed as one line, without a stack. */
export class StartError extends Error {}

export const usage = `npm start -- [--port 3000] [--host 127.0.0.1] [--base-path /holdfast] [--data-dir .holdfast] [--no-demo] [--no-own-analytics] [--reset-passwords]

  --port              the web server's port
  --host              the address that it listens on: 0.0.0.0 for all of this machine (also HOLDFAST_HOST)
  --base-path         the path that it lives under, where the host has other sites, too (also HOLDFAST_BASE_PATH)
  --data-dir          where everything is kept (also HOLDFAST_DATA_DIR)
  --no-demo           leave the demo data and the demo shop out
  --no-own-analytics  do not record how Holdfast's own pages are used
  --reset-passwords   give the three accounts new passwords

With DATABASE_URL set, that database is used (PostgreSQL 15 or newer) and no cluster is started.`

/** Reads the command line. @throws StartError for one that is wrong */
export function readOptions(args: string[]): StartOptions | 'help' {
  try {
    const { values } = parseArgs({
      args,
      options: {
        port: { type: 'string', default: process.env.PORT ?? '3000' },
        host: { type: 'string', default: process.env.HOLDFAST_HOST ?? '127.0.0.1' },
        'base-path': { type: 'string', default: process.env.HOLDFAST_BASE_PATH || undefined },
        'data-dir': { type: 'string', default: process.env.HOLDFAST_DATA_DIR ?? '.holdfast' },
        'no-demo': { type: 'boolean', default: false },
        'no-own-analytics': { type: 'boolean', default: false },
        'reset-passwords': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) return 'help'
    const port = Number(values.port)
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Error(`--port ${values.port} is not a port.`)
    if (!isIP(values.host)) throw new Error(`--host ${values.host} is not an address such as 0.0.0.0.`)
    return {
      port,
      host: values.host,
      ...placeOf(port, values['base-path'], process.env.NEXTAUTH_URL || undefined),
      dataDir: resolve(values['data-dir']),
      demo: !values['no-demo'],
      ownAnalytics: !values['no-own-analytics'],
      resetPasswords: values['reset-passwords'],
    }
  } catch (error) {
    throw new StartError(`${(error as Error).message}\n\n${usage}`)
  }
}

/**
 * Each segment plain, so that nothing reads it otherwise: neither a browser, nor a proxy, nor a pattern of Next.js', which
 * would also take one such as `/api` away twice.
 */
const BASE_PATH = /^(?!\/(api|_next)(\/|$))(\/(?!\.{1,2}(\/|$))[\w.-]+)+$/

/**
 * Where people find what listens on a port: the path is given, or that of the address.
 *
 * @param given the option; `/` and an end with a slash mean what they look like
 * @param address that people open, if it is another than this machine's; it may name next-auth's endpoints, as next-auth wants it
 * @throws Error for a path that is none, an address that is none, or two that differ
 */
export function placeOf(
  port: number,
  given: string | undefined,
  address: string | undefined,
): { basePath: string; url: string } {
  if (address !== undefined && !/^https?:\/\/[^/?#]+[^?#]*$/.test(address))
    throw new Error(`NEXTAUTH_URL ${address} is not an address such as https://holdfast.example.`)
  const wanted = given?.replace(/\/$/, '')
  if (wanted && !BASE_PATH.test(wanted))
    throw new Error(`--base-path ${given} is not a path such as /holdfast.`)
  if (address === undefined) return { basePath: wanted ?? '', url: `http://localhost:${port}${wanted ?? ''}` }
  const { origin, pathname } = new URL(address)
  const found = pathname.replace(/\/(api\/auth\/?)?$/, '')
  if (found && !BASE_PATH.test(found))
    throw new Error(`NEXTAUTH_URL ${address} has no path such as /holdfast.`)
  if (wanted !== undefined && found && found !== wanted)
    throw new Error(`--base-path ${given} is not the path of NEXTAUTH_URL ${address}.`)
  const basePath = wanted ?? found
  return { basePath, url: origin + basePath }
}
