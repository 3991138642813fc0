import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('no two values of a process share a name', () => {
  const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.tsx?$/.test(path),
  )
  const names = files.flatMap((path) =>
    [...readFileSync(join('lib', path), 'utf8').matchAll(/\bsingleton\(\s*'([^']+)'/g)].map(
      ([, name]) => name,
    ),
  )
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})
