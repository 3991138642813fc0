import type { S3Client } from '@/lib/recovery/backups/local/s3-client'
import { textOf } from '@/lib/recovery/backups/local/s3-xml'
import { ProviderError } from '@/lib/recovery/backups/provider'

/** What does not fit into one part is uploaded in parts, each of which is held in memory. S3 wants 5 MiB at the least. */
const PART_BYTES = 8 * 2 ** 20
/** Content that stops coming for so long is asked for anew, in milliseconds. */
const SILENT_MS = 30_000
const TRIES = 3

/** Uploads content as one object, which is there when this returns, and not before. */
export async function upload(
  { ask }: S3Client,
  key: string,
  content: AsyncIterable<Buffer>,
  signal?: AbortSignal,
): Promise<void> {
  const parts = inParts(content)
  const first = (await parts.next()).value ?? Buffer.alloc(0)
  if (first.length < PART_BYTES) {
    await ask({ method: 'PUT', key, body: first, signal })
    return
  }
  const { text } = await ask({ method: 'POST', key, query: { uploads: '' }, signal })
  const uploadId = textOf(text, 'UploadId')
  try {
    const tags: string[] = []
    for (let part: Buffer<ArrayBuffer> | undefined = first; part; part = (await parts.next()).value) {
      const query = { partNumber: String(tags.length + 1), uploadId }
      const { headers } = await ask({ method: 'PUT', key, query, body: part, signal })
      tags.push(headers.get('etag') ?? '')
    }
    const list = tags.map((tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${tag}</ETag></Part>`)
    const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`
    await ask({ method: 'POST', key, query: { uploadId }, body, signal })
  } catch (error) {
    await ask({ method: 'DELETE', key, query: { uploadId } }).catch(() => {})
    throw error
  }
}

/** Content in parts of one size; only the last is smaller. */
async function* inParts(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer<ArrayBuffer>, undefined> {
  let held: Buffer[] = []
  let bytes = 0
  for await (const chunk of content) {
    held.push(chunk)
    bytes += chunk.length
    while (bytes >= PART_BYTES) {
      const all = Buffer.concat(held)
      yield all.subarray(0, PART_BYTES)
      held = [all.subarray(PART_BYTES)]
      bytes -= PART_BYTES
    }
  }
  if (bytes > 0) yield Buffer.concat(held)
}

/**
 * The content of an object. A connection that breaks or falls silent is made anew, and goes on where the last one ended.
 *
 * @throws as the client's `open`
 */
export async function* receive(
  client: S3Client,
  key: string,
  ended: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let at = 0
  let etag: string | null = null
  let body: AsyncIterator<Uint8Array> | null = null
  let silent = new AbortController()
  for (let faults = 0; ; ) {
    let timer: NodeJS.Timeout | undefined
    let next: IteratorResult<Uint8Array>
    try {
      if (!body) {
        silent = new AbortController()
        const answer = await client.open(key, at, etag, AbortSignal.any([ended, silent.signal]))
        etag = answer.headers.get('etag')
        body = answer.body?.[Symbol.asyncIterator]() ?? null
        if (!body) return
      }
      timer = setTimeout(() => silent.abort(new Error('nothing comes')), SILENT_MS)
      next = await body.next()
    } catch (error) {
      const refused = error instanceof ProviderError || (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (ended.aborted || refused) throw error
      faults += 1
      if (faults === TRIES) throw client.explain(error as Error)
      body = null
      continue
    } finally {
      clearTimeout(timer)
    }
    if (next.done) return
    faults = 0
    at += next.value.length
    yield next.value
  }
}
