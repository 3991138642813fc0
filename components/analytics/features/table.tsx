import { Anchor } from '@mantine/core'
import Link from 'next/link'
import { Sparkline } from '@/components/charts/sparkline'
import type { Column } from '@/components/ui/data-table'
import { formatDuration, formatNumber, formatShare } from '@/components/ui/format'
import { formatPoints, PointChange } from '@/components/ui/point-change'
import type { getFeatureStats } from '@/lib/analytics/features/contract'
import type { OutputOf } from '@/lib/http/client'
import classes from './features.module.css'
import type { SortColumn } from './search-params'

export type FeatureStats = OutputOf<typeof getFeatureStats>
export type FeatureRow = FeatureStats['features'][number] & { before?: number | null }

const valueBy: Record<SortColumn, (row: FeatureRow) => string | number | null> = {
  name: (row) => row.name,
  users: (row) => row.users,
  adoption: (row) => row.adoptionRate,
  opened: (row) => row.opened,
  used: (row) => row.used,
  completed: (row) => row.completed,
  success: (row) => row.successRate,
  p50: (row) => row.durationMs.p50,
  p90: (row) => row.durationMs.p90,
}

/** Each feature with its adoption in the time before: null where it had no users then. */
export function rowsOf({ features, previous }: FeatureStats): FeatureRow[] {
  const before = new Map(previous?.features.map(({ name, adoptionRate }) => [name, adoptionRate]))
  return features.map((row) => ({ ...row, before: previous ? (before.get(row.name) ?? null) : undefined }))
}

/** In the order of a column; rows without a value come last, whatever the order. */
export function sortRows(rows: FeatureRow[], by: SortColumn, up: boolean): FeatureRow[] {
  const value = valueBy[by]
  return rows.toSorted((a, b) => {
    const [x, y] = [value(a), value(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    const order = typeof x === 'string' ? x.localeCompare(String(y)) : x - Number(y)
    return (up ? order : -order) || a.name.localeCompare(b.name)
  })
}

/** @param previous what the rows are compared with; a time without users says nothing of a feature */
export function columnsFor(
  linkTo: (name: string) => string,
  previous: FeatureStats['previous'],
): Column<FeatureRow>[] {
  const columns: Column<FeatureRow>[] = [
    {
      title: 'Feature',
      sortAs: 'name',
      value: (row) => row.name,
      show: (row) => (
        <div className={classes.name}>
          <Anchor component={Link} href={linkTo(row.name)} prefetch={false} fz="sm" fw={550}>
            {row.name}
          </Anchor>
          {row.category && <span className={classes.category}>{row.category}</span>}
        </div>
      ),
    },
    {
      title: 'Users over time',
      value: (row) => row.series.map(({ users }) => users).join(' '),
      show: (row) => (
        <Sparkline values={row.series.map(({ users }) => users)} label={`Users of ${row.name} over time`} />
      ),
      minor: true,
    },
    { title: 'Users', sortAs: 'users', right: true, value: (row) => row.users },
    {
      title: 'Adoption',
      sortAs: 'adoption',
      right: true,
      value: (row) => row.adoptionRate,
      show: (row) => formatShare(row.adoptionRate),
    },
    {
      title: 'Opened',
      sortAs: 'opened',
      right: true,
      minor: true,
      value: (row) => row.opened,
    },
    { title: 'Used', sortAs: 'used', right: true, minor: true, value: (row) => row.used },
    { title: 'Completed', sortAs: 'completed', right: true, minor: true, value: (row) => row.completed },
    {
      title: 'Success',
      sortAs: 'success',
      right: true,
      value: (row) => row.successRate,
      show: (row) => formatShare(row.successRate),
    },
    {
      title: 'p50',
      sortAs: 'p50',
      right: true,
      minor: true,
      value: (row) => row.durationMs.p50,
      show: (row) => formatDuration(row.durationMs.p50),
    },
    {
      title: 'p90',
      sortAs: 'p90',
      right: true,
      minor: true,
      value: (row) => row.durationMs.p90,
      show: (row) => formatDuration(row.durationMs.p90),
    },
    {
      title: 'Top error',
      wide: true,
      minor: true,
      value: (row) => row.errors[0]?.message,
      show: (row) => {
        const [first] = row.errors
        return first ? `${first.message} (${formatNumber(first.count)})` : undefined
      },
    },
  ]
  if (!previous?.activeUsers) return columns
  return columns.toSpliced(4, 0, {
    title: 'Change',
    right: true,
    minor: true,
    value: (row) =>
      row.adoptionRate === null || typeof row.before !== 'number' ? null : row.adoptionRate - row.before,
    show: (row) =>
      row.before === null ? (
        <span className={classes.category}>new</span>
      ) : (
        <PointChange value={row.adoptionRate} before={row.before} format={formatPoints} />
      ),
  })
}
