'use client'

import { Anchor } from '@mantine/core'
import Link from 'next/link'
import { createSerializer, useQueryStates } from 'nuqs'
import { featurePath } from '@/components/analytics/features/search-params'
import { rangeParsers } from '@/components/analytics/search-params'
import { Panel } from '@/components/ui/panel'
import { definitions } from './definitions'
import type { User } from './profile'

const parsers = { project: rangeParsers.project }
const withProject = createSerializer(parsers)

/** What this user uses most. */
export function FeatureUses({ user: { features } }: { user: User }) {
  const [search] = useQueryStates(parsers)
  const most = Math.max(1, ...features.map(({ records }) => records))
  return (
    <Panel
      title="Features used most"
      definition={definitions.features}
      csv="features-of-user"
      table={{
        caption: 'Features used most',
        columns: [
          {
            title: 'Feature',
            wide: true,
            value: (row) => row.name,
            bar: (row) => row.records / most,
            show: (row) => (
              <Anchor
                component={Link}
                href={withProject(featurePath(row.name), search)}
                fz="sm"
                prefetch={false}
              >
                {row.name}
              </Anchor>
            ),
          },
          { title: 'Records', right: true, value: (row) => row.records },
        ],
        rows: features,
        rowKey: (row) => row.name,
        empty: 'No feature was used',
        maxHeight: 196,
      }}
    />
  )
}
