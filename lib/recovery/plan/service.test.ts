import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rules } from '@/lib/recovery/alerts/rules'
import { parsePlan, readPlan } from '@/lib/recovery/plan/service'

test('headings are found with the ids that links name them by, and not in fences', () => {
  const { title, text, contents } = parsePlan(
    '# The plan\n\n## Part 1: it’s lost\n```sh\n## no heading\n```\n### 1.2 Steps\n',
  )
  expect(title).toBe('The plan')
  expect(text).not.toContain('# The plan')
  expect(contents).toEqual([
    { line: 2, depth: 2, title: 'Part 1: it’s lost', id: 'part-1-its-lost' },
    { line: 6, depth: 3, title: '1.2 Steps', id: '12-steps' },
  ])
})

test('every link within the plan leads somewhere, and no heading is there twice', async () => {
  const { text, contents } = await readPlan()
  const ids = contents.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => to as string)
  expect(links.length).toBeGreaterThan(10)
  for (const link of links) {
    const [file, id] = link.split('#')
    if (file) expect(existsSync(join('docs', file)), link).toBe(true)
    else expect(ids, link).toContain(id)
  }
})

test('every alert that the plan names is one', async () => {
  const { text } = await readPlan()
  const known = new Set(rules.map(({ id }) => id))
  const named = [...text.matchAll(/[Aa]lerts? ((?:`[a-z-]+`(?:, | and )?)+)/g)].flatMap(([, list]) =>
    [...(list as string).matchAll(/`([a-z-]+)`/g)].map(([, id]) => id as string),
  )
  expect(named.length).toBeGreaterThan(10)
  for (const id of named) expect(known, id).toContain(id)
})
