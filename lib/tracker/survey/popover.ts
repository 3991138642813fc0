import type { Ask } from '@/lib/tracker/types'
import { make, sheetOf } from './dom'
import { makeScores } from './scores'
import { css } from './styles'

/** Milliseconds after which the popover is announced: what is spoken must change after it is there. */
const ANNOUNCE_MS = 200
/** Milliseconds that the thanks stay. */
const THANKS_MS = 3_000

/** Characters of a response at the most, as the server takes them. */
const MOST_WORDS = 5_000

/** Opens the popover in the corner of the page. Focus stays where it is. @returns closes it */
export function open(...[survey, answer]: Parameters<Ask>): () => void {
  let score: number | undefined
  let back: HTMLElement | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const host = make('div', { 'data-holdfast-survey': '' })
  const root = host.attachShadow({ mode: 'open' })
  root.adoptedStyleSheets = [sheetOf(css)]

  const words = make('textarea', { rows: 3, dir: 'auto', maxlength: MOST_WORDS })
  const more = make('div', { class: 'more', hidden: '' })
  if (survey.followUp) more.append(make('label', { dir: 'auto' }, survey.followUp, words))
  more.append(make('button', { class: 'send' }, 'Send'))
  const shut = make('button', { type: 'button', class: 'close', 'aria-label': 'Close' }, '×')
  const question = make('p', { id: 'question', class: 'question', dir: 'auto' }, survey.question)
  const form = make(
    'form',
    {},
    make('div', { class: 'head' }, question, shut),
    makeScores(survey, (chosen) => {
      score = chosen
      more.hidden = false
    }),
    more,
  )
  const said = make('p', { role: 'status', class: 'said' })
  const box = make('div', { role: 'dialog', 'aria-labelledby': 'question', class: 'box' }, form, said)
  root.append(box)

  /** Whatever was answered counts once: sent, closed or left with the page. */
  const tell = (response?: string) => {
    if (score === undefined) return
    const given = score
    score = undefined
    try {
      answer(given, response || undefined)
    } catch {
      // Not the page's concern.
    }
  }
  const leaveFocus = () => {
    if (root.activeElement) back?.focus({ preventScroll: true })
  }
  const close = () => {
    tell()
    leaveFocus()
    clearTimeout(timer)
    removeEventListener('pagehide', close, true)
    host.remove()
  }
  const thank = (event: Event) => {
    event.preventDefault()
    // Enter sends a form even while its button is not seen.
    if (score === undefined) return
    tell(words.value.trim())
    leaveFocus()
    form.remove()
    box.removeAttribute('role')
    box.removeAttribute('aria-labelledby')
    said.className = 'thanks'
    said.textContent = 'Thank you.'
    clearTimeout(timer)
    timer = setTimeout(close, THANKS_MS)
  }

  form.addEventListener('submit', thank)
  shut.addEventListener('click', close)
  host.addEventListener('focusin', ({ relatedTarget }) => {
    if (relatedTarget instanceof HTMLElement) back = relatedTarget
  })
  for (const name of ['keydown', 'keypress', 'keyup'] as const)
    host.addEventListener(name, (event) => {
      // A page's shortcuts see a key on this element, and do not know that someone types words.
      event.stopPropagation()
      if (name === 'keydown' && event.key === 'Escape' && !event.isComposing) close()
    })
  // Before the tracker sends what there is.
  addEventListener('pagehide', close, true)

  document.body.append(host)
  timer = setTimeout(() => {
    said.textContent = `${survey.question} This question is at the end of the page.`
  }, ANNOUNCE_MS)
  return close
}
