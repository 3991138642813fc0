import { Skeleton, Stack, VisuallyHidden } from '@mantine/core'
import { StatRow } from './stat-card'

const cards = ['a', 'b', 'c', 'd']

/** The outline of a page while its data is on the way. */
export function PageSkeleton() {
  return (
    <Stack gap="sm" aria-busy="true">
      <VisuallyHidden role="status">Loading</VisuallyHidden>
      <Skeleton h={36} w={220} />
      <BodySkeleton />
    </Stack>
  )
}

/** The outline of a panel below the page's head. */
export function BodySkeleton() {
  return (
    <Stack gap="sm">
      <StatRow>
        {cards.map((card) => (
          <Skeleton key={card} h={96} radius="lg" />
        ))}
      </StatRow>
      <Skeleton h={310} radius="lg" />
      <Skeleton h={240} radius="lg" />
    </Stack>
  )
}
