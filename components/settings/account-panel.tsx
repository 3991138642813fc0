'use client'

import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { PageHeader } from '@/components/layout/page-header'
import { Rows } from '@/components/ui/grid'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { getSecondFactor } from '@/lib/access/second-factor/contract'
import { query } from '@/lib/http/client'
import { AddFactor } from './account/add-factor'
import { ChangePassword } from './account/change-password'
import { RemoveFactor } from './account/remove-factor'

/** How whoever is signed in signs in. */
export function AccountPanel() {
  const { data, error, refetch, isFetching } = useQuery(query(getSecondFactor, {}))
  return (
    <>
      <PageHeader
        title="Your account"
        lead="How you sign in, and prove that it is you before what cannot be undone."
      />
      <Rows>
        {error && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {!data && !error && <Skeleton h={320} radius="lg" />}
        {data && (
          <>
            <Panel
              title="Second factor"
              definition="A code of six digits that an app on your phone shows, beside the password: at the sign-in, and with an order to the cluster when the sign-in is older than 5 minutes. It works without a database, too."
            >
              {data.enabled ? <RemoveFactor /> : <AddFactor />}
            </Panel>
            <Panel title="Password">
              <ChangePassword coded={data.enabled} />
            </Panel>
          </>
        )}
      </Rows>
    </>
  )
}
