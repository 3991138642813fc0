/** What looks like a number that is long, or has an exponent: JavaScript may not hold it. */
const SUSPECT = /[:,[\s]-?(?:\d{16}|\d[\d.]*[eE])/
/** A string or a number of JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/
/** Stands for a number that is not held. No text of JSON that is stored may hold it: it is half a character. */
const LOST = '\\ud800 not exact'

/**
 * JSON, of whose numbers none is changed without a word: an integer that JavaScript would write in other digits, or a
 * number that would become infinite or nothing, is a bigint. Fractions are the nearest number of 64 bits, as everywhere.
 *
 * @throws SyntaxError
 */
export function parseExactly(text: string): unknown {
  // First, also since the look at its tokens is quick in what is JSON alone.
  const value = JSON.parse(text)
  if (!SUSPECT.test(text)) return value
  const marked = text.replace(TOKEN, (token) =>
    token.startsWith('"') || isExact(token) ? token : `"${LOST}"`,
  )
  if (marked === text) return value
  const lost = JSON.parse(`"${LOST}"`)
  return JSON.parse(marked, (_key, held) => (held === lost ? 0n : held))
}

function isExact(literal: string): boolean {
  const held = Number(literal)
  if (!Number.isFinite(held)) return false
  if (Number.isSafeInteger(held) || !Number.isInteger(held))
    return held !== 0 || !/[1-9]/.test(literal.replace(/[eE].*/, ''))
  return decimalOf(literal) === decimalOf(String(held))
}

/** Its digits without zeros at either end, and how many places the last of them is before the point. */
function decimalOf(literal: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(literal) ?? []
  const all = whole + fraction
  let end = all.length
  while (all[end - 1] === '0') end -= 1
  const digits = all.slice(0, end)
  const places = Number(exponent) + whole.length - digits.length
  return `${digits.replace(/^0+/, '')} ${places}`
}
