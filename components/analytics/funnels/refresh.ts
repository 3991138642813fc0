import type { QueryClient } from '@tanstack/react-query'
import { listFunnelNames, listFunnels } from '@/lib/analytics/funnels/contract'

/** Has whatever lists funnels ask again, since there is one more or less. */
export const refreshFunnels = (client: QueryClient) =>
  Promise.all([listFunnels, listFunnelNames].map(({ id }) => client.invalidateQueries({ queryKey: [id] })))
