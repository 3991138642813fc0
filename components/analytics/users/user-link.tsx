'use client'

import { Anchor } from '@mantine/core'
import Link from 'next/link'
import { useQueryState } from 'nuqs'
import { rangeParsers } from '@/components/analytics/search-params'
import { toSegment } from '@/lib/http/client'

/** The page of a user, of the project in the URL; an id may hold any characters. */
export function userPath(userId: string, project: string | null): string {
  const path = `/users/${toSegment(userId)}`
  return project ? `${path}?project=${encodeURIComponent(project)}` : path
}

export function UserLink({ userId }: { userId: string }) {
  const [project] = useQueryState('project', rangeParsers.project)
  return (
    <Anchor component={Link} href={userPath(userId, project)} fz="sm" prefetch={false}>
      {userId}
    </Anchor>
  )
}
