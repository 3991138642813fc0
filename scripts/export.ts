import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { createGzip } from 'node:zlib'
import { exportRecords } from '@/lib/analytics/export/contract'
import { findDestination } from './import/destination'
import { causeOf, ImportError, problemOf } from './import/fail'

const usage = `Usage: npm run export -- FILE [options]

Writes every record of a project to FILE, a JSON object a line; gzipped, if its name ends with .gz. npm run import reads it
back. With - it goes to standard output: npm run -s export -- - | …

  --project NAME   the project, by name or id
  --data-dir DIR   where the running Holdfast keeps its data (HOLDFAST_DATA_DIR, else .holdfast)
  --url URL        a Holdfast elsewhere, together with
  --key KEY        a secret key of the project`

const END = /\{"kind":"end","records":(\d+)\}\n$/

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      project: { type: 'string' },
      'data-dir': { type: 'string', default: process.env.HOLDFAST_DATA_DIR ?? '.holdfast' },
      url: { type: 'string' },
      key: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const [file, ...more] = positionals
  if (values.help || file === undefined || more.length > 0) {
    console.error(usage)
    return values.help ? 0 : 1
  }
  const { project, url, key } = values
  if ((url === undefined) !== (key === undefined)) throw new ImportError('--url and --key go together')
  const source = await findDestination({ project, url, key, dataDir: values['data-dir'], purpose: 'export' })
  const stop = new AbortController()
  // Once, to leave in order (the key is revoked); a second Ctrl-C ends the process at once.
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => stop.abort(new ImportError('stopped')))
  try {
    console.error(`${await save(file, source, stop.signal)} records of ${source.name}`)
    return 0
  } finally {
    await source.release().catch((error: unknown) => {
      console.error(`The key named export was not revoked: ${causeOf(error)}`)
    })
  }
}

/** @returns how many records there are */
async function save(
  file: string,
  { url, key }: { url: string; key: string },
  signal: AbortSignal,
): Promise<number> {
  const headers = { authorization: `Bearer ${key}` }
  const response = await fetch(url.replace(/\/+$/, '') + exportRecords.path, { headers, signal })
  if (!response.ok || !response.body)
    throw new ImportError(problemOf(response.status, await response.json().catch(() => null)))
  let tail = ''
  const watched = async function* (lines: AsyncIterable<Uint8Array>) {
    for await (const part of lines) {
      tail = (tail + Buffer.from(part).toString('latin1')).slice(-100)
      yield part
    }
  }
  // npm runs scripts in the project's folder and says in INIT_CWD where its user is.
  const to = file === '-' ? process.stdout : createWriteStream(resolve(process.env.INIT_CWD ?? '.', file))
  const packed: Transform[] = file.endsWith('.gz') ? [createGzip()] : []
  await pipeline([Readable.fromWeb(response.body as never), watched, ...packed, to] as never, { signal })
  const records = END.exec(tail)?.[1]
  if (records === undefined) throw new ImportError('the answer broke off: what was written is not whole')
  return Number(records)
}

process.exit(
  await main().catch((error: unknown) => {
    console.error(`Export: ${error instanceof ImportError ? error.message : causeOf(error)}`)
    return 1
  }),
)
