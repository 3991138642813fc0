// Of S3's answers only flat elements without attributes are read: that takes no parser.

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** What is in each element of a name. */
export const blocksOf = (xml: string, tag: string): string[] =>
  [...xml.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))].map(([, inner = '']) => inner)

/** The text of the first element of a name; empty if there is none. */
export const textOf = (xml: string, tag: string): string =>
  (new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1] ?? '').replace(
    /&(\w+|#\d+|#x[\da-f]+);/gi,
    (_all, name: string) => ENTITIES[name] ?? String.fromCodePoint(Number(name.replace('#', '0'))),
  )

/** A key as it was put, of a listing with `encoding-type=url`. */
export const keyIn = (xml: string, tag: string): string =>
  decodeURIComponent(textOf(xml, tag).replaceAll('+', ' '))
