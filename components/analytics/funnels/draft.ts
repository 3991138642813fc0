export interface DraftEvent {
  name: string
  filters: Record<string, string>
}

export interface DraftStep extends DraftEvent {
  label: string
  optional: boolean
}

/** A funnel from events while it is being built, so with gaps: it lives in the URL, and a link shares it unsaved. */
export interface Draft {
  steps: DraftStep[]
  exclusions: DraftEvent[]
  window: string
}

export const emptyEvent = (): DraftEvent => ({ name: '', filters: {} })
export const emptyStep = (): DraftStep => ({ ...emptyEvent(), label: '', optional: false })

/** What the builder begins with. */
export const emptyDraft = (): Draft => ({
  steps: [emptyStep(), emptyStep()],
  exclusions: [],
  window: '14d',
})

/** The draft in a URL; none, if that is not one. */
export function readDraft(text: string): Draft | null {
  try {
    const { steps, exclusions = [], window = '14d' } = JSON.parse(text)
    if (![...steps, ...exclusions].every(isObject)) return null
    const draft: Draft = {
      steps: steps.map((step: Partial<DraftStep>) => ({ ...emptyStep(), ...step })),
      exclusions: exclusions.map((event: Partial<DraftEvent>) => ({ ...emptyEvent(), ...event })),
      window,
    }
    return isSound(draft) ? draft : null
  } catch {
    return null
  }
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): boolean => typeof value === 'string'

/** Whether what stood in a URL, which may be anything, is what it is taken for. */
const isSound = ({ steps, exclusions, window }: Draft): boolean =>
  isText(window) &&
  [...steps, ...exclusions].every(
    ({ name, filters }) => isText(name) && isObject(filters) && Object.values(filters).every(isText),
  ) &&
  steps.every(({ label, optional }) => isText(label) && typeof optional === 'boolean')

const eventOf = ({ name, filters }: DraftEvent) => ({
  name,
  ...(Object.keys(filters).length > 0 ? { filters } : {}),
})

/** As short as it can be, since it stands in a URL: what is the default is left out. */
export function writeDraft({ steps, exclusions, window }: Draft): string {
  return JSON.stringify({
    steps: steps.map((step) => ({
      ...eventOf(step),
      ...(step.label ? { label: step.label } : {}),
      ...(step.optional ? { optional: true } : {}),
    })),
    ...(exclusions.length > 0 ? { exclusions: exclusions.map(eventOf) } : {}),
    window,
  })
}

/** The part of a draft that can be counted: rows without an event are not there yet. None below two steps. */
export function countable(whole: Draft): Draft | null {
  const chosen = whole.steps.filter((step) => step.name !== '')
  if (chosen.length < 2) return null
  const steps = chosen.map((step, index) => ({
    ...step,
    optional: step.optional && index > 0 && index < chosen.length - 1,
  }))
  return { ...whole, steps, exclusions: whole.exclusions.filter(({ name }) => name !== '') }
}

/** The definition to ask about; none while there is nothing to count. What cannot be read is asked too: the API says why. */
export function askedDefinition(text: string): string | null {
  const whole = readDraft(text)
  if (!whole) return text
  const steps = countable(whole)
  return steps && writeDraft(steps)
}
