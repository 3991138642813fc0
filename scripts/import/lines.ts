const NEWLINE = 0x0a
const RETURN = 0x0d
/** Servers cap a request's line and headers at 8 to 32 KB, so a longer line is no log's. */
const LONGEST = 256 * 1024

/**
 * The lines of a stream of bytes, without their ends. Only a line feed ends a line (and a carriage return before it
 * goes with it): U+2028 and its like can stand in an agent. A line over 256 KB comes as an empty one.
 */
export async function* splitLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer[]> {
  let rest: Buffer = Buffer.alloc(0)
  let skipping = false
  for await (const part of source) {
    const chunk = rest.length > 0 ? Buffer.concat([rest, part]) : Buffer.from(part)
    const lines: Buffer[] = []
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      lines.push(skipping ? Buffer.alloc(0) : withoutReturn(chunk.subarray(from, end)))
      skipping = false
      from = end + 1
    }
    rest = chunk.subarray(from)
    if (rest.length > LONGEST) {
      skipping = true
      rest = Buffer.alloc(0)
    }
    if (lines.length > 0) yield lines
  }
  if (skipping) yield [Buffer.alloc(0)]
  else if (rest.length > 0) yield [withoutReturn(rest)]
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === RETURN ? line.subarray(0, -1) : line
}
