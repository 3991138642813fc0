import { keepPreviousData } from '@tanstack/react-query'

/** Seconds between two looks at an open page. */
const REFRESH_SECONDS = 30

/** For `useQuery`: the last picture stands until the next is there, so that nothing jumps; and it is kept fresh. */
export const keepWhileLoading = {
  placeholderData: keepPreviousData,
  refetchInterval: REFRESH_SECONDS * 1000,
} as const
