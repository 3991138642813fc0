import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { atOnce } from '@/lib/at-once'
import { ifGone } from '@/lib/postgres/data-files'
import { type S3Settings, s3Client } from '@/lib/recovery/backups/local/s3-client'
import { receive, upload } from '@/lib/recovery/backups/local/s3-transfer'
import { blocksOf, keyIn, textOf } from '@/lib/recovery/backups/local/s3-xml'
import { measure, type Storage, type Stored, UNFINISHED_MS } from '@/lib/recovery/backups/local/storage'

const AT_ONCE = 8

/** A storage in a bucket of S3, or of any server that speaks as it does, such as `s3://bucket/prefix`. */
export function s3Storage(location: string, settings: S3Settings): Storage {
  const client = s3Client(location, settings)
  const { prefix, ask } = client
  const keyOf = (name: string) => `${prefix}${name}`

  /** All pages of a listing, each of 1,000 at the most. */
  async function* pages(query: Record<string, string>): AsyncGenerator<string> {
    let token: string | undefined
    do {
      const more: Record<string, string> = token === undefined ? {} : { 'continuation-token': token }
      const { text } = await ask({ query: { 'list-type': '2', 'encoding-type': 'url', ...query, ...more } })
      yield text
      token = /<IsTruncated>true</.test(text) ? textOf(text, 'NextContinuationToken') : undefined
    } while (token)
  }

  const listBelow = async (start: string) => {
    const found: Stored[] = []
    for await (const page of pages({ prefix: start }))
      for (const object of blocksOf(page, 'Contents'))
        found.push({
          name: keyIn(object, 'Key').slice(prefix.length),
          bytes: Number(textOf(object, 'Size')),
          at: Date.parse(textOf(object, 'LastModified')),
        })
    return found
  }

  return {
    location,
    list: (folder) => listBelow(keyOf(folder && `${folder}/`)),
    async names(folder) {
      const start = keyOf(folder && `${folder}/`)
      const found: string[] = []
      for await (const page of pages({ prefix: start, delimiter: '/' })) {
        const objects = blocksOf(page, 'Contents').map((object) => keyIn(object, 'Key'))
        const folders = blocksOf(page, 'CommonPrefixes').map((one) => keyIn(one, 'Prefix').replace(/\/$/, ''))
        found.push(...[...objects, ...folders].map((key) => key.slice(start.length)))
      }
      return found
    },
    async find(name) {
      const answer = await ask({ method: 'HEAD', key: keyOf(name) }).catch(ifGone(null))
      if (!answer) return null
      const { headers } = answer
      return {
        name,
        bytes: Number(headers.get('content-length')),
        at: Date.parse(headers.get('last-modified') ?? ''),
      }
    },
    async put(name, content, { abort } = {}) {
      const { through, result } = measure()
      const send = (parts: AsyncIterable<Buffer>) => upload(client, keyOf(name), parts, abort)
      await pipeline(content, through, send, { signal: abort })
      return result()
    },
    get(name) {
      const ended = new AbortController()
      const parts = receive(client, keyOf(name), ended.signal)
      return new Readable({
        read() {
          parts.next().then(
            ({ value, done }) => this.push(done ? null : value),
            (error) => this.destroy(error),
          )
        },
        destroy(error, done) {
          ended.abort()
          done(error)
        },
      })
    },
    async remove(name) {
      const found = await listBelow(keyOf(name))
      const within = found.filter((object) => object.name === name || object.name.startsWith(`${name}/`))
      await atOnce(AT_ONCE, within, async (object) => {
        await ask({ method: 'DELETE', key: keyOf(object.name) })
      })
    },
    // What was put is durable when the server says so.
    flush: async () => {},
    async tidy() {
      const { text } = await ask({ query: { uploads: '', prefix } })
      const old = blocksOf(text, 'Upload').filter(
        (upload) => Date.parse(textOf(upload, 'Initiated')) < Date.now() - UNFINISHED_MS,
      )
      await atOnce(AT_ONCE, old, async (upload) => {
        const query = { uploadId: textOf(upload, 'UploadId') }
        await ask({ method: 'DELETE', key: textOf(upload, 'Key'), query })
      })
    },
  }
}
