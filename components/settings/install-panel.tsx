'use client'

import { Anchor } from '@mantine/core'
import { useQueryState } from 'nuqs'
import { rangeParsers } from '@/components/analytics/search-params'
import { useAddress } from '@/components/analytics/use-address'
import { PageHeader } from '@/components/layout/page-header'
import { atBase } from '@/lib/http/base-path'
import { Access } from './install/access'
import { Facts } from './install/facts'
import { LiveCheck } from './install/live-check'
import { RecipeTabs } from './install/recipe-tabs'
import { Snippet } from './install/snippet'
import { useInstallKey } from './install/use-install-key'
import { OfProject } from './of-project'

interface InstallPanelProps {
  mayChange: boolean
  /** The demo shop is there. */
  demo: boolean
}

/** How an app begins to record into the project, and whether it does. */
export function InstallPanel({ mayChange, demo }: InstallPanelProps) {
  const [wanted] = useQueryState('project', rangeParsers.project)
  // A key belongs to one project: another project's page begins without it.
  return <Install key={wanted} wanted={wanted} mayChange={mayChange} demo={demo} />
}

function Install({ wanted, mayChange, demo }: InstallPanelProps & { wanted: string | null }) {
  const address = useAddress()
  const installKey = useInstallKey()
  return (
    <>
      <PageHeader title="Install" lead="One line of HTML records what people do in your app.">
        {demo && (
          // A whole load: the shop has a tracker of its own.
          <Anchor href={atBase('/demo')} fz="sm" underline="always">
            See it in the demo shop
          </Anchor>
        )}
      </PageHeader>
      <OfProject>
        {(project) => (
          <>
            <Snippet
              project={wanted ?? undefined}
              address={address}
              installKey={installKey}
              mayChange={mayChange}
            />
            <LiveCheck project={wanted} timezone={project.timezone} />
            <RecipeTabs address={address} shownKey={installKey.shown} />
            <Facts />
            <Access project={project} origin={new URL(address).origin} />
          </>
        )}
      </OfProject>
    </>
  )
}
