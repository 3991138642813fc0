'use client'

import { formatShare } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { definitions } from './definitions'
import type { FeatureStats } from './table'

/** What goes wrong with a feature, most frequent first. */
export function FeatureErrors({ feature }: { feature: FeatureStats['features'][number] }) {
  const { errors, name } = feature
  const all = errors.reduce((sum, { count }) => sum + count, 0)
  const most = Math.max(1, ...errors.map(({ count }) => count))
  return (
    <Panel
      title="Errors"
      definition={definitions.errors}
      csv={`${name}-errors`}
      table={{
        caption: `Errors of ${name}`,
        columns: [
          {
            title: 'Message',
            wide: true,
            value: (row) => row.message,
            bar: (row) => row.count / most,
          },
          { title: 'Records', right: true, value: (row) => row.count },
          {
            title: 'Share',
            right: true,
            value: (row) => row.count / all,
            show: (row) => formatShare(row.count / all),
          },
        ],
        rows: errors,
        rowKey: (row) => row.message,
        empty: 'No errors in this range',
      }}
    />
  )
}
