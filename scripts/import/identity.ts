import { createHash } from 'node:crypto'

/**
 * A stable pseudonym for an address and an agent. The same visitor gets the same one in every log and every run; the
 * address itself is never sent.
 */
export function visitorOf(address: string, agent: string): string {
  const hash = createHash('sha256').update(`holdfast log visitor\n${address}\n${agent}`)
  return `v_${hash.digest('base64url').slice(0, 20)}`
}

/** A session's id: its visitor and its first page view, in milliseconds since 1970. */
export function sessionIdOf(visitor: string, startedAt: number): string {
  const hash = createHash('sha256').update(`holdfast log session\n${visitor}\n${startedAt}`)
  return `s_${hash.digest('base64url').slice(0, 20)}`
}

/** What tells equal lines: a digest, so that long lines cost no more memory than short ones. */
export function lineDigest(line: Uint8Array): string {
  return createHash('sha256').update(line).digest('base64url')
}

/** The id of a line's event: a UUID of version 8 made of the line's digest and how many equal lines came before. */
export function eventIdOf(digest: string, before: number): string {
  const bytes = createHash('sha256')
    .update(`holdfast log line\n${digest}\n${before}`)
    .digest()
    .subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
