import { z } from 'zod'

/** A funnel from events while it is being built, so with gaps: it lives in the URL, and a link shares it unsaved. */

const event = {
  name: z.string().default(''),
  filters: z.record(z.string(), z.string()).default({}),
}

const draft = z.object({
  steps: z.array(z.object({ ...event, label: z.string().default(''), optional: z.boolean().default(false) })),
  exclusions: z.array(z.object(event)).default([]),
  window: z.string().default('14d'),
})

export type Draft = z.output<typeof draft>
export type DraftStep = Draft['steps'][number]
export type DraftEvent = Draft['exclusions'][number]

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
    return draft.parse(JSON.parse(text))
  } catch {
    return null
  }
}

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
