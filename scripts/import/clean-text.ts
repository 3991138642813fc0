// Lone surrogates and control characters (C0, DEL and C1): the API refuses the first, nobody can read the others.
const UNWANTED = /[\p{Cs}\p{Cc}]/gu

/**
 * A text that the API takes: well-formed, without control characters (each becomes U+FFFD), trimmed, and no longer
 * than `max` UTF-16 units. A character of two units is not cut in half.
 */
export function cleanText(text: string, max: number): string {
  const clean = text.replace(UNWANTED, '\ufffd').trim()
  if (clean.length <= max) return clean
  const last = clean.charCodeAt(max - 1)
  const splitsPair = last >= 0xd800 && last <= 0xdbff
  return clean.slice(0, splitsPair ? max - 1 : max)
}

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|(.))/g
const letters: Record<string, number> = { b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 }

/**
 * Undoes the escapes that servers write into a quoted field: `\"`, `\\`, `\t` and the like, and `\xHH` for a byte,
 * several of which may make one UTF-8 character.
 */
export function unescapeField(field: string): string {
  if (!field.includes('\\')) return field
  const parts: Buffer[] = []
  let done = 0
  for (const match of field.matchAll(ESCAPE)) {
    const [all, hex, letter] = match
    parts.push(Buffer.from(field.slice(done, match.index)))
    if (hex !== undefined) parts.push(Buffer.from(hex, 'hex'))
    else if (letter !== undefined)
      parts.push(letter in letters ? Buffer.of(letters[letter] ?? 0) : Buffer.from(letter))
    done = match.index + all.length
  }
  parts.push(Buffer.from(field.slice(done)))
  return Buffer.concat(parts).toString('utf8')
}
