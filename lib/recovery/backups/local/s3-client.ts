import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import type { BackupProblem } from '@/lib/recovery/backups/contract'
import { ProviderError } from '@/lib/recovery/backups/provider'

/** Whom to ask and as whom, by the names of AWS's own tools; what is empty counts as left out. */
export interface S3Settings {
  AWS_ACCESS_KEY_ID?: string
  AWS_SECRET_ACCESS_KEY?: string
  AWS_SESSION_TOKEN?: string
  AWS_REGION?: string
  AWS_ENDPOINT_URL_S3?: string
  AWS_ENDPOINT_URL?: string
}

export interface S3Request {
  method?: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** The object; left out: the bucket. */
  key?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Buffer<ArrayBuffer> | string
  signal?: AbortSignal
}

export interface S3Client {
  /** Below which all keys of the repository are: empty, or with a slash at its end. */
  prefix: string
  /**
   * Asks for something small.
   *
   * @throws ProviderError when it is refused or nobody answers; an Error with the code ENOENT for an object that is not there
   */
  ask(request: S3Request): Promise<{ headers: Headers; text: string }>
  /** The same of an object's content, from a byte on. `signal` ends its content, too. @throws as `ask` */
  open(key: string, from: number, etag: string | null, signal: AbortSignal): Promise<Response>
  /** What a connection that broke means, as `ask` throws it. */
  explain(error: Error): ProviderError
}

/** Until the answer to a request has come, and for each megabyte that it carries, in milliseconds. */
const ANSWER_MS = 15_000
const MEGABYTE_MS = 10_000
/** What fails is tried again, if it failed at once: a slow failure is told instead of waited for anew. */
const TRIES = 3
const QUICK_MS = 5_000
/** A server of S3 is asked this much at a time. */
const WIDTH = 8

/** A client for a place such as `s3://bucket/prefix`. What is wrong with the settings is told by each request, not here. */
export function s3Client(location: string, settings: S3Settings): S3Client {
  const [, bucket = '', folder = ''] = /^s3:\/\/([^/]*)\/*(.*?)\/*$/.exec(location) ?? []
  const region = settings.AWS_REGION || 'us-east-1'
  const endpoint =
    settings.AWS_ENDPOINT_URL_S3 || settings.AWS_ENDPOINT_URL || `https://s3.${region}.amazonaws.com`
  const where = `${location} at ${endpoint}`
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = settings
  const inTurn = gate(WIDTH)
  const toProblem = (error: Error) => new ProviderError(explain(where, error))
  let signer: AwsClient | undefined

  const prepare = (): AwsClient => {
    if (!bucket || !URL.canParse(endpoint))
      throw new ProviderError({
        what: bucket ? `${endpoint} is no address` : `${location} names no bucket`,
        action:
          'Set BACKUP_SECONDARY_STORAGE to s3://BUCKET/PREFIX, AWS_ENDPOINT_URL to the server’s address.',
      })
    if (!accessKeyId || !secretAccessKey)
      throw new ProviderError({ what: `${where} wants credentials`, action: SET_CREDENTIALS })
    const sessionToken = settings.AWS_SESSION_TOKEN || undefined
    return new AwsClient({ accessKeyId, secretAccessKey, sessionToken, service: 's3', region })
  }

  /** Signs with the hash of the body: a server refuses what was changed on its way. */
  const sign = (request: S3Request): Promise<Request> => {
    signer ??= prepare()
    const { method = 'GET', key, query, headers, body } = request
    const path = [bucket, ...(key?.split('/') ?? [])].map(encodeURIComponent).join('/')
    // A plus is signed as a plus, and read as a space.
    const search = new URLSearchParams(query).toString().replaceAll('+', '%20')
    const url = `${endpoint.replace(/\/+$/, '')}/${path}?${search}`
    const hash = createHash('sha256')
      .update(body ?? '')
      .digest('hex')
    return signer.sign(url, {
      method,
      headers: { ...headers, 'x-amz-content-sha256': hash },
      body,
      redirect: 'manual',
    })
  }

  /** One attempt; `read` takes from the answer what has to come in time. */
  const attempt = async <T>(request: S3Request, read: (answer: Response) => Promise<T>): Promise<T> => {
    const late = new AbortController()
    const ms = ANSWER_MS + ((request.body?.length ?? 0) / 2 ** 20) * MEGABYTE_MS
    const timer = setTimeout(() => late.abort(new Error(`no answer in ${Math.round(ms / 1000)} s`)), ms)
    try {
      const signal = AbortSignal.any([late.signal, ...(request.signal ? [request.signal] : [])])
      return await read(await fetch(await sign(request), { signal }))
    } finally {
      clearTimeout(timer)
    }
  }

  const send = <T>(request: S3Request, read: (answer: Response) => Promise<T>): Promise<T> =>
    inTurn(async () => {
      const begun = Date.now()
      for (let tries = 1; ; tries++) {
        try {
          return await attempt(request, read)
        } catch (error) {
          request.signal?.throwIfAborted()
          const final = error instanceof Refused || error instanceof ProviderError
          if (!final && tries < TRIES && Date.now() - begun < QUICK_MS) {
            await sleep(200 * 4 ** (tries - 1))
            continue
          }
          throw error instanceof Refused && error.missing
            ? Object.assign(new Error(`${location} has no ${request.key}`), { code: 'ENOENT' })
            : error instanceof ProviderError
              ? error
              : toProblem(error as Error)
        }
      }
    })

  return {
    prefix: folder && `${folder}/`,
    explain: toProblem,
    ask: (request) =>
      send(request, async (answer) => {
        const text = await answer.text()
        // The end of an upload in parts can fail after its head was sent.
        if (!answer.ok || (request.method === 'POST' && text.includes('<Error>'))) throw toFault(answer, text)
        return { headers: answer.headers, text }
      }),
    open: (key, from, etag, signal) => {
      const headers = { ...(from > 0 && { range: `bytes=${from}-` }), ...(etag && { 'if-match': etag }) }
      return send({ key, headers, signal }, async (answer) => {
        if (!answer.ok) throw toFault(answer, await answer.text())
        return answer
      })
    },
  }
}

/** An answer that says no: asking again would not help. */
class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly said: string,
  ) {
    super(said ? `${code}: ${said}` : code)
  }

  get missing(): boolean {
    return this.status === 404 && this.code !== 'NoSuchBucket' && this.code !== 'NoSuchUpload'
  }
}

/** What a server says that it could not do; of one that is in trouble itself, something to try again. */
function toFault({ status, ok }: Response, xml: string): Error {
  const of = (tag: string) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1]
  const code = of('Code') ?? `HTTP ${status}`
  const said = (of('Message') ?? '').replace(/\.$/, '')
  return ok || status >= 500 || status === 429
    ? new Error(`${code}: ${said}`)
    : new Refused(status, code, said)
}

const SET_CREDENTIALS =
  'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to a key that may list, read, write and delete there, and start again.'
const SET_REGION = 'Set AWS_REGION to the bucket’s region, and start again.'
const ACTIONS: Record<string, string> = {
  NoSuchBucket: 'Make the bucket, or name another in BACKUP_SECONDARY_STORAGE.',
  RequestTimeTooSkewed: 'Set the clock of this machine.',
  PermanentRedirect: SET_REGION,
  AuthorizationHeaderMalformed: SET_REGION,
}

function explain(where: string, error: Error): BackupProblem {
  if (error instanceof Refused)
    return {
      what: `${where} says no: ${error.message}`,
      action:
        ACTIONS[error.code] ??
        (error.status === 403 || error.status === 401
          ? SET_CREDENTIALS
          : 'See what the server says, and AWS_ENDPOINT_URL.'),
    }
  const { cause, message } = error as Error & { cause?: Error & { code?: string } }
  return {
    what: `${where} cannot be reached: ${cause?.message || cause?.code || message}`,
    action: 'Bring it back, or name another place in BACKUP_SECONDARY_STORAGE: it catches up by itself.',
  }
}

/** Lets so many works run at a time; the others wait in line. */
function gate(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = width
  const line: (() => void)[] = []
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((go) => line.push(go))
    try {
      return await work()
    } finally {
      const next = line.shift()
      if (next) next()
      else free++
    }
  }
}
