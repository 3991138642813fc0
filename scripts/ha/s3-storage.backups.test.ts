// What a repository asks of its storage, of a folder and of a real server of S3.
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { atOnce } from '@/lib/at-once'
import { segmentName } from '@/lib/recovery/backups/archive'
import { expireStorage } from '@/lib/recovery/backups/local/expire'
import { SEGMENT_BYTES, takeInventory, walName } from '@/lib/recovery/backups/local/inventory'
import { fileName, type Manifest, manifestName, writeManifest } from '@/lib/recovery/backups/local/manifest'
import { type S3Settings, s3Client } from '@/lib/recovery/backups/local/s3-client'
import { s3Storage } from '@/lib/recovery/backups/local/s3-storage'
import { folderStorage, type Storage } from '@/lib/recovery/backups/local/storage'
import { scratchFolder } from '@/scripts/cluster/testing'
import { type DatabaseProxy, openProxy } from '@/scripts/test/proxy'
import { BUCKET, bringSwift, KEY_ID, type Swift, startSwift } from './swift'

const PART = 8 * 2 ** 20
const LOCATION = `s3://${BUCKET}/a/place`
const root = bringSwift()
let swift: Swift
let proxy: DatabaseProxy
let settings: S3Settings
let scratch: ReturnType<typeof scratchFolder>

beforeAll(async () => {
  scratch = scratchFolder()
  mkdirSync(join(scratch.path, 'place'))
  if (!root) return
  swift = await startSwift(root)
  proxy = await openProxy(swift.endpoint)
  settings = {
    AWS_ACCESS_KEY_ID: KEY_ID,
    AWS_SECRET_ACCESS_KEY: swift.secret,
    AWS_ENDPOINT_URL: proxy.address,
  }
})

afterAll(async () => {
  await proxy?.cut()
  await swift?.stop()
  scratch.remove()
})

const hashOf = (content: Buffer) => createHash('sha256').update(content).digest('hex')
const put = (storage: Storage, name: string, content: string | Buffer = name) =>
  storage.put(name, Readable.from([Buffer.from(content)]))

describe.each([
  ['a folder', () => folderStorage(join(scratch.path, 'place'))],
  ...(root ? [['S3', () => s3Storage(LOCATION, settings)] as const] : []),
] as const)('a storage in %s', (kind, open) => {
  let storage: Storage
  beforeAll(() => {
    storage = open()
  })

  it('is empty at first', async () => {
    expect(await storage.list('backups')).toEqual([])
    expect(await storage.names('')).toEqual([])
    expect(await storage.find('backups/none')).toBeNull()
    await storage.remove('backups/none')
  })

  it('gives back what was put, by its size, time and hash', async () => {
    const begun = Date.now()
    const names = ['one/a', 'one/b c+d&e<f>%20é', 'one/two/x', 'one/two/y.gz', 'one-more']
    for (const name of names)
      expect(await put(storage, name)).toEqual({
        bytes: Buffer.byteLength(name),
        sha256: hashOf(Buffer.from(name)),
      })
    for (const name of names) expect(await text(storage.get(name))).toBe(name)
    const listed = await storage.list('one')
    expect(listed.map(({ name }) => name).sort()).toEqual(names.slice(0, 4).sort())
    for (const { name, bytes, at } of listed) {
      expect(bytes).toBe(Buffer.byteLength(name))
      expect(at).toBeGreaterThan(begun - 2_000)
      expect(at).toBeLessThan(Date.now() + 2_000)
      expect(await storage.find(name)).toMatchObject({ name, bytes })
    }
    expect((await storage.names('one')).sort()).toEqual(['a', 'b c+d&e<f>%20é', 'two'])
    expect((await storage.names('')).sort()).toEqual(['one', 'one-more'])
    await put(storage, 'one/a', 'another')
    expect(await text(storage.get('one/a'))).toBe('another')
  })

  it('tells of what is not there as a folder does', async () => {
    await expect(text(storage.get('one/none'))).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await storage.find('one/none')).toBeNull()
    // A folder is no object.
    expect(await storage.list('one/none')).toEqual([])
  })

  it.each([0, PART - 1, PART, 2.5 * PART])('keeps %d bytes as they were', async (bytes) => {
    const content = randomBytes(bytes)
    const done = await storage.put('big/object', Readable.from(slices(content)))
    expect(done).toEqual({ bytes, sha256: hashOf(content) })
    expect(await storage.find('big/object')).toMatchObject({ bytes })
    expect(hashOf(await buffer(storage.get('big/object')))).toBe(done.sha256)
  })

  it('has nothing of what was cut off while it was put', async () => {
    const half = async function* () {
      yield* slices(randomBytes(1.5 * PART))
      throw new Error('the disk broke')
    }
    await expect(storage.put('cut/off', Readable.from(half()))).rejects.toThrow('the disk broke')
    const ended = new AbortController()
    const stuck = async function* () {
      yield* slices(randomBytes(1.5 * PART))
      ended.abort(new Error('enough'))
      await new Promise(() => {})
    }
    await expect(storage.put('cut/short', Readable.from(stuck()), { abort: ended.signal })).rejects.toThrow()
    expect(await storage.list('cut')).toEqual([])
    expect(await storage.find('cut/off')).toBeNull()
    if (kind === 'S3') expect(await uploads()).toEqual([])
    else expect(readdirSync(join(scratch.path, 'place', 'cut'))).toEqual([])
  })

  it('lists more than a page, and removes a folder with all in it, and nothing beside it', async () => {
    const names = Array.from({ length: 1_050 }, (_, index) => `many/of/${index}`)
    const later = async (name: string) => {
      await storage.put(name, Readable.from([Buffer.from('.')]), { later: true })
    }
    await atOnce(8, names, later)
    await storage.flush()
    await put(storage, 'many/office')
    const listed = await storage.list('many/of')
    expect(listed.map(({ name }) => name).sort()).toEqual(names.sort())
    expect((await storage.names('many/of')).length).toBe(1_050)
    await storage.remove('many/of')
    expect((await storage.list('many')).map(({ name }) => name)).toEqual(['many/office'])
    await storage.remove('many/office')
    expect(await storage.list('many')).toEqual([])
  }, 600_000)
})

describe.each([
  ['a folder', () => folderStorage(join(scratch.path, 'place'))],
  ...(root ? [['S3', () => s3Storage(LOCATION, settings)] as const] : []),
] as const)('retention in %s', (_kind, open) => {
  it('lets go of backups and WAL that no kept one needs, and of what was never whole', async () => {
    process.env.HOLDFAST_DATA_DIR ??= scratch.path
    const storage = open()
    const ids = [1, 2, 3].map((day) => `2026010${day}T000000Z-full`)
    for (const [index, id] of ids.entries()) {
      await put(storage, fileName(id, 'global/1'), 'data')
      await put(storage, manifestName(id), writeManifest(backupOf(id, index + 1)))
    }
    await put(storage, fileName('20260104T000000Z-full', 'global/1'))
    for (let number = 1; number <= 4; number++)
      await put(storage, walName(segmentName({ timeline: 1, number }, SEGMENT_BYTES)))
    expect(await expireStorage(storage, 2, 2, 0)).toEqual({ backups: 1, segments: 1 })
    const { backups, wal } = await takeInventory(storage)
    expect(backups.map(({ id }) => id).sort()).toEqual(ids.slice(1))
    expect(backups.flatMap(({ problems }) => problems)).toEqual([])
    expect(wal).toHaveLength(3)
    expect((await storage.names('backups')).sort()).toEqual(ids.slice(1))
  })
})

/** The manifest of a backup of one file that begins with a segment. */
const backupOf = (id: string, segment: number): Manifest => ({
  version: 1,
  id,
  kind: 'full',
  base: null,
  systemIdentifier: '1',
  postgres: 18,
  segmentBytes: SEGMENT_BYTES,
  member: 'a',
  startedAt: `2026-01-0${segment}T00:00:00.000Z`,
  endedAt: `2026-01-0${segment}T00:00:00.000Z`,
  timeline: 1,
  startLsn: segment * SEGMENT_BYTES,
  stopLsn: segment * SEGMENT_BYTES + 1,
  sizeBytes: 4,
  storedBytes: 4,
  folders: [],
  files: [['global/1', 4, 4, hashOf(Buffer.from('data'))]],
})

describe.skipIf(!root)('S3 alone', () => {
  it('goes on reading where a connection broke', async () => {
    const storage = s3Storage(LOCATION, settings)
    const content = randomBytes(3 * PART)
    await storage.put('long', Readable.from(slices(content)))
    let breaks = 0
    const got: Buffer[] = []
    let bytes = 0
    for await (const part of storage.get('long')) {
      got.push(part)
      bytes += part.length
      if (bytes > PART * (breaks + 0.5) && breaks < 2) {
        breaks += 1
        await proxy.cut()
        await proxy.mend()
      }
    }
    expect(breaks).toBe(2)
    expect(Buffer.concat(got).equals(content)).toBe(true)
  })

  it('keeps an upload that may still go on, when it tidies', async () => {
    const { ask, prefix } = s3Client(LOCATION, settings)
    await ask({ method: 'POST', key: `${prefix}going-on`, query: { uploads: '' } })
    await s3Storage(LOCATION, settings).tidy()
    expect(await uploads()).toHaveLength(1)
  })

  it('says what is wrong, and what to do', async () => {
    const told = async (location: string, changed: S3Settings) => {
      const storage = s3Storage(location, { ...settings, ...changed })
      const error = await storage.list('wal').catch((problem: Error) => problem)
      expect(await storage.find('one').catch((problem: Error) => problem)).toBeInstanceOf(Error)
      return (error as Error).message
    }
    expect(await told(LOCATION, { AWS_SECRET_ACCESS_KEY: 'wrong' })).toMatch(
      /SignatureDoesNotMatch.*: Set AWS_ACCESS_KEY_ID/s,
    )
    expect(await told(LOCATION, { AWS_ACCESS_KEY_ID: 'nobody' })).toMatch(/Set AWS_ACCESS_KEY_ID/)
    expect(await told(LOCATION, { AWS_ACCESS_KEY_ID: '' })).toMatch(
      /wants credentials: Set AWS_ACCESS_KEY_ID/,
    )
    expect(await told(LOCATION, { AWS_REGION: 'eu-west-1' })).toMatch(/Set AWS_REGION/)
    expect(await told(LOCATION, { AWS_ENDPOINT_URL: 'nowhere' })).toMatch(/nowhere is no address/)
    expect(await told('s3:///x', {})).toMatch(/names no bucket/)
    const begun = Date.now()
    const nobody = `http://127.0.0.1:${Number(new URL(swift.endpoint).port) + 9}`
    expect(await told(LOCATION, { AWS_ENDPOINT_URL: nobody })).toMatch(/cannot be reached: .*ECONNREFUSED/)
    expect(Date.now() - begun).toBeLessThan(10_000)
    const missing = s3Storage('s3://another-bucket/x', settings)
    await expect(missing.list('wal')).rejects.toThrow(/NoSuchBucket.*: Make the bucket/)
  })
})

async function* slices(content: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += 100_000) yield content.subarray(at, at + 100_000)
}

/** Ids of uploads that were begun and did not end. */
async function uploads(): Promise<string[]> {
  const { text: xml } = await s3Client(LOCATION, settings).ask({ query: { uploads: '' } })
  return [...xml.matchAll(/<UploadId>([^<]+)</g)].map(([, id]) => id as string)
}
