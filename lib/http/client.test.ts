import { expect, it } from 'vitest'
import { fromSegment, toSegment } from '@/lib/http/client'

it.each(['.', '..', '~.', '~~..', '...', '~', 'a/b', '%2e', 'Größe 100%', '~bob', ''])(
  'a segment of an address stands for %j, wherever it is',
  (name) => {
    const { pathname } = new URL(`http://holdfast.example/users/${toSegment(name)}/timeline`)
    expect(pathname.split('/')).toHaveLength(4)
    expect(fromSegment(pathname.split('/')[2] as string)).toBe(name)
  },
)
