import type { Column } from '@/components/ui/data-table'
import { formatMoment, NONE } from '@/components/ui/format'
import type { FigureInput } from './figure-model'
import { kindWords, worthOf, worthWords } from './words'

interface Fact {
  what: string
  repository: number | null
  from: string
  to: string
  state: string
}

export const factColumns: Column<Fact>[] = [
  { title: 'What', wide: true, value: ({ what }) => what },
  { title: 'Repository', value: ({ repository }) => repository },
  { title: 'From (UTC)', nowrap: true, value: ({ from }) => from, show: ({ from }) => momentOf(from) },
  { title: 'To (UTC)', nowrap: true, minor: true, value: ({ to }) => to, show: ({ to }) => momentOf(to) },
  { title: 'State', value: ({ state }) => state },
]

/** Times as times; what is a WAL file’s name stands as it is. */
const momentOf = (text: string): string =>
  text === '' ? NONE : /^\d{4}-/.test(text) ? formatMoment(text, 'UTC') : text

/** The time line as rows: what each repository holds, and the restore points. */
export function factsOf({ repositories, backups, restorePoints }: FigureInput): Fact[] {
  const of = (number: number): Fact[] => [
    ...repositories
      .filter((one) => one.number === number)
      .flatMap(({ window, gaps }) => [
        ...(window
          ? [
              {
                what: 'Recovery window',
                repository: number,
                from: window.from,
                to: window.to,
                state: 'reachable',
              },
            ]
          : []),
        ...gaps.map(({ from, to, segments }) => ({
          what: 'Gap in the archive',
          repository: number,
          from,
          to,
          state: `${segments} missing`,
        })),
      ]),
    ...backups
      .filter(({ repository }) => repository === number)
      .map((backup) => ({
        what: `${kindWords[backup.kind]} backup`,
        repository: number,
        from: backup.startedAt,
        to: backup.endedAt,
        state: worthWords[worthOf(backup)].toLowerCase(),
      })),
  ]
  return [
    ...repositories.flatMap(({ number }) => of(number)),
    ...restorePoints.map(({ name, at }) => ({
      what: `Restore point ${name}`,
      repository: null,
      from: at,
      to: '',
      state: 'named',
    })),
  ]
}
