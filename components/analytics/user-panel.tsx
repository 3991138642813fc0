'use client'

import { Anchor, Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { createSerializer, useQueryStates } from 'nuqs'
import { useState } from 'react'
import { PageHeader } from '@/components/layout/page-header'
import { useProject } from '@/components/layout/project-select'
import { Columns, Rows } from '@/components/ui/grid'
import { later } from '@/components/ui/later'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { Receipt } from '@/components/ui/receipt'
import { type deleteUser, getUser } from '@/lib/analytics/users/contract'
import { type OutputOf, query } from '@/lib/http/client'
import { keepWhileLoading } from './keep-while-loading'
import { rangeParsers } from './search-params'
import { Activity } from './users/activity'
import { ExportUser } from './users/export-user'
import { FeatureUses } from './users/feature-uses'
import { userInput } from './users/inputs'
import { Profile } from './users/profile'
import { userParsers } from './users/search-params'
import { Timeline } from './users/timeline'

const DeleteUser = later(() => import('./users/delete-user').then((loaded) => loaded.DeleteUser))

const toUsers = createSerializer({ project: rangeParsers.project })

interface UserPanelProps {
  userId: string
  mayDelete: boolean
}

/** All that is known of one user, the way to take it along, and the way to delete it. */
export function UserPanel({ userId, mayDelete }: UserPanelProps) {
  const timezone = useProject().project?.timezone ?? 'UTC'
  const [search] = useQueryStates(userParsers)
  const [receipt, setReceipt] = useState<OutputOf<typeof deleteUser>>()
  const [deleting, setDeleting] = useState(false)
  const { data, error, refetch, isFetching } = useQuery({
    ...query(getUser, userInput(userId, search)),
    ...keepWhileLoading,
    enabled: !receipt,
  })
  const back = (
    <Anchor component={Link} href={toUsers('/users', search)} size="sm">
      ← Users
    </Anchor>
  )
  if (receipt) {
    return (
      <>
        {back}
        <PageHeader title={userId} />
        <Receipt
          {...receipt}
          name={receipt.userId}
          timezone={timezone}
          notesTitle="What else holds data of this user"
        />
      </>
    )
  }
  return (
    <>
      {back}
      <PageHeader title={userId}>
        <ExportUser userId={userId} />
        {mayDelete && (
          <Button
            variant="default"
            size="sm"
            c="var(--hf-bad)"
            leftSection={<IconTrash size={16} />}
            disabled={!data}
            onClick={() => setDeleting(true)}
          >
            Delete
          </Button>
        )}
      </PageHeader>
      <Rows>
        {error && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {data && (
          <>
            <Profile user={data} timezone={timezone} />
            <Columns of="two">
              <Activity user={data} timezone={timezone} />
              <FeatureUses user={data} />
            </Columns>
            <Timeline userId={userId} timezone={timezone} />
            <DeleteUser
              user={data}
              opened={deleting}
              onClose={() => setDeleting(false)}
              onDeleted={setReceipt}
            />
          </>
        )}
        {!data && !error && <BodySkeleton />}
      </Rows>
    </>
  )
}
