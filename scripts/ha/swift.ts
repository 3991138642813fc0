import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { AwsClient } from 'aws4fetch'
import { eventually } from '@/scripts/cluster/testing'
import { bring, environmentOf, HA_CACHE, Unavailable } from './packages'
import { Program } from './process'

const PACKAGES = ['python3-swift', 'python3-lxml']
const FILES = ['usr/lib/python3/dist-packages/swift', 'usr/lib/python3/dist-packages/lxml']
const START_MS = 120_000
export const KEY_ID = 'test:tester'
export const BUCKET = 'holdfast'

/** OpenStack Swift with its S3 API and one bucket, on this machine: a real server of objects. */
export interface Swift {
  /** Its address, such as `http://127.0.0.1:27000`. */
  endpoint: string
  /** Of the key that it takes. */
  secret: string
  /** Ends it, and starts it with what it holds; another secret is that of the key from then on. */
  restart(secret?: string): Promise<void>
  stop(): Promise<void>
}

/** Where its packages are; null, and a line that says why, where they cannot be had. */
export function bringSwift(): string | null {
  try {
    return bring(`${HA_CACHE}-swift`, PACKAGES, FILES)
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    console.log(`SKIPPED: backups in S3: ${error.message}`)
    return null
  }
}

/** @param root where its packages are */
export async function startSwift(root: string): Promise<Swift> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-swift-'))
  const port = 27_000 + (process.pid % 500) * 10
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, namespace: false }
  const script = resolve('scripts/ha/run-swift.py')
  let program: Program | undefined
  const swift: Swift = {
    endpoint: `http://127.0.0.1:${port}`,
    secret: 'swift-secret',
    async restart(secret = swift.secret) {
      await program?.stop()
      swift.secret = secret
      const command = ['/usr/bin/python3', script, folder, userInfo().username, String(port), secret]
      program = new Program(own, command, environmentOf(root), join(folder, 'swift.log'))
      program.start()
      await eventually('Swift has its bucket', () => makeBucket(swift), START_MS)
    },
    async stop() {
      await program?.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    await swift.restart()
    return swift
  } catch (error) {
    await swift.stop()
    throw error
  }
}

/** Asks for the bucket; it is fine if it is there. */
async function makeBucket({ endpoint, secret }: Swift): Promise<boolean> {
  const client = new AwsClient({ accessKeyId: KEY_ID, secretAccessKey: secret, service: 's3', retries: 0 })
  const { ok, status } = await client.fetch(`${endpoint}/${BUCKET}`, { method: 'PUT' })
  return ok || status === 409
}
