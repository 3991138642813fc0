import { fromSegment } from '@/lib/http/client'

/**
 * A name that stands in the path of a page. Next.js gives it to a page as it is in the address, and to its metadata
 * decoded: there a per cent sign of the name itself cannot be told from an escape, which only a title suffers from.
 */
export function decodeParam(text: string): string {
  try {
    return fromSegment(text)
  } catch {
    return text
  }
}
