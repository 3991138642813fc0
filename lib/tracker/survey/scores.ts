import type { Question } from '@/lib/tracker/types'
import { make } from './dom'
import { scales } from './words'

/** Milliseconds within which 1 and 0 are 10. */
const TOGETHER_MS = 900

/** The scores to choose from: arrow keys go from one to the next, digits choose one. */
export function makeScores({ survey }: Question, chosen: (score: number) => void): HTMLElement {
  const { least, most, ends } = scales[survey]
  const inputs = Array.from({ length: most - least + 1 }, (_, index) => {
    const score = least + index
    const end = score === least ? ends[0] : score === most ? ends[1] : ''
    const input = make('input', {
      type: 'radio',
      name: 'score',
      value: score,
      'aria-label': end ? `${score}: ${end}` : score,
    })
    input.addEventListener('change', () => chosen(score))
    return input
  })
  const choose = (score: number) => {
    const input = inputs[score - least]
    if (!input) return false
    input.checked = true
    input.focus()
    chosen(score)
    return true
  }
  const group = make(
    'div',
    { role: 'radiogroup', 'aria-labelledby': 'question', class: 'scores' },
    ...inputs.map((input) =>
      make('label', { class: 'score' }, input, make('span', { 'aria-hidden': 'true' }, input.value)),
    ),
  )
  let before = { digit: '', at: Number.NEGATIVE_INFINITY }
  group.addEventListener('keydown', (event) => {
    const { key, timeStamp } = event
    if (!/^\d$/.test(key) || event.ctrlKey || event.metaKey || event.altKey) return
    const both = timeStamp - before.at < TOGETHER_MS ? Number(before.digit + key) : Number.NaN
    if (!choose(both)) choose(Number(key))
    before = { digit: key, at: timeStamp }
  })
  // The first and the last score are named by them already.
  const labels = make(
    'div',
    { class: 'ends', 'aria-hidden': 'true' },
    ...ends.map((end) => make('span', {}, end)),
  )
  return make('div', {}, group, labels)
}
