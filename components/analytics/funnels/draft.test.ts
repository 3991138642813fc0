import { expect, it } from 'vitest'
import { type DraftStep, emptyDraft, readDraft, writeDraft } from './draft'

it('reads what it wrote, and fills in what was left out', () => {
  const steps: DraftStep[] = [
    { name: 'a', filters: { page: '/x' }, label: 'A', optional: false },
    { name: 'b', filters: {}, label: '', optional: true },
  ]
  const draft = { steps, exclusions: [{ name: 'c', filters: {} }], window: '7d' }
  expect(readDraft(writeDraft(draft))).toEqual(draft)
  expect(readDraft('{"steps":[{},{}]}')).toEqual(emptyDraft())
})

it.each([
  'x',
  'null',
  '[]',
  '{}',
  '{"steps":1}',
  '{"steps":[1]}',
  '{"steps":[null]}',
  '{"steps":["a"]}',
  '{"steps":[[]]}',
  '{"steps":[{"name":1}]}',
  '{"steps":[{"name":"a","filters":null}]}',
  '{"steps":[{"name":"a","filters":"abc"}]}',
  '{"steps":[{"name":"a","filters":["b"]}]}',
  '{"steps":[{"name":"a","filters":{"b":1}}]}',
  '{"steps":[{"name":"a","label":{}}]}',
  '{"steps":[{"name":"a","optional":"yes"}]}',
  '{"steps":[],"exclusions":{}}',
  '{"steps":[],"exclusions":[{"name":[]}]}',
  '{"steps":[],"window":7}',
])('takes no %s for a draft', (text) => {
  expect(readDraft(text)).toBeNull()
})
