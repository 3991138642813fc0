import { createGunzip } from 'node:zlib'
import { parseSegment, segmentName } from '@/lib/recovery/backups/archive'
import { walName } from '@/lib/recovery/backups/local/inventory'
import type { Storage } from '@/lib/recovery/backups/local/storage'
import { ProviderError } from '@/lib/recovery/backups/provider'

/** Timeline and address of a segment's first page stand after two times 16 bits. */
const HEADER_BYTES = 16

/**
 * Reads a WAL file as it was before it was packed, whose own checksum is compared with it.
 *
 * @param write takes each part; what it took is worth nothing when this throws
 * @throws Error that says what is wrong with it
 */
export async function readWal(
  storage: Storage,
  name: string,
  segmentBytes: number,
  write: (part: Buffer) => void | Promise<void> = () => {},
): Promise<void> {
  const packed = storage.get(walName(name))
  const content = createGunzip()
  packed.once('error', (error) => content.destroy(error))
  packed.pipe(content)
  let bytes = 0
  let head = Buffer.alloc(0)
  try {
    for await (const part of content as AsyncIterable<Buffer>) {
      bytes += part.length
      if (head.length < HEADER_BYTES) head = Buffer.concat([head, part]).subarray(0, HEADER_BYTES)
      await write(part)
    }
  } catch (error) {
    // What cannot be asked is not damaged.
    if (error instanceof ProviderError) throw error
    throw new Error(`WAL file ${name} cannot be unpacked: ${(error as Error).message}`)
  } finally {
    packed.destroy()
  }
  const segment = parseSegment(name, segmentBytes)
  if (!segment) return
  const found = {
    timeline: head.readUInt32LE(4),
    number: Number(head.readBigUInt64LE(8)) / segmentBytes,
  }
  // The first segment of a new timeline begins as the old one's.
  if (bytes !== segmentBytes || found.number !== segment.number || found.timeline > segment.timeline)
    throw new Error(
      `WAL file ${name} holds ${Number.isInteger(found.number) ? segmentName(found, segmentBytes) : 'no segment'}, ${bytes} bytes`,
    )
}
