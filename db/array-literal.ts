/** An escape of JSON that PostgreSQL's array syntax does not know: anything but `\"` and `\\`. */
const FOREIGN_ESCAPE = /(?:^|[^\\])(?:\\\\)*\\[^"\\]/

/**
 * An array as PostgreSQL writes one: `{"a",NULL,1}`. JSON's array differs only in its brackets, as long as no string
 * holds a control character, and is by far the fastest for Node.js to make.
 */
export function arrayLiteral(values: (string | number | boolean | null | undefined)[]): string {
  const json = JSON.stringify(values)
  if (!json.includes('\\') || !FOREIGN_ESCAPE.test(json)) return `{${json.slice(1, -1)}}`
  return `{${values.map((value) => (typeof value === 'string' ? quote(value) : String(value ?? null))).join(',')}}`
}

const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`
