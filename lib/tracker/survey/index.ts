import type { Ask } from '@/lib/tracker/types'
import { open } from './popover'

let close: (() => void) | undefined

/**
 * Shows a survey in a corner of the page, one at a time, and tells what was answered. Where a browser lacks what it
 * needs (constructable style sheets: before 2023 in some), nothing is asked and nothing breaks.
 */
export const ask: Ask = (survey, answer) => {
  try {
    close?.()
    close = open(survey, answer)
  } catch {
    // A page must not notice.
  }
}
