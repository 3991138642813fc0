import { setTimeout } from 'node:timers/promises'
import type { QueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { CallerOf } from '@/lib/access/caller'
import { chosenProject, identifyAccount } from '@/lib/access/identify'
import { getEstimate, LONG_MS, PATIENCE_MS, readsOf } from '@/lib/analytics/estimate/contract'
import { estimate, timed } from '@/lib/analytics/estimate/service'
import { databaseAway } from '@/lib/database'
import { queryKey } from '@/lib/http/client'
import type { Access, Endpoint, OutputOf } from '@/lib/http/endpoint'
import { hasGone, noteCaller } from '@/lib/http/request'
import type { Service } from '@/lib/http/route'
import { log } from '@/lib/log'

/** A page is sent without what takes longer, in milliseconds, such as a member that hangs: the browser asks for it. */
const FIRST_HTML_MS = 800

/**
 * Runs a service in-process for the one who is signed in, and puts its answer under the key that the browser's
 * `query(endpoint, input)` reads. What fails is left to the browser, which asks again and shows why.
 *
 * What will take long is not waited for: the page is sent with the estimate, and the answer follows on the same
 * connection.
 */
export async function prefetch<Input extends z.ZodType, Output extends z.ZodType, A extends Access>(
  client: QueryClient,
  endpoint: Endpoint<Input, Output, A>,
  service: Service<Input, Output, A>,
  input: z.input<Input>,
): Promise<void> {
  const key = queryKey(endpoint, input)
  const answered = client
    .fetchQuery({
      queryKey: key,
      queryFn: async () => {
        const account = await identifyAccount(new Headers(), endpoint.access, false)
        const { project: wanted } = input as { project?: string }
        const project = endpoint.access === 'read' ? await chosenProject(account, wanted) : undefined
        noteCaller({ account, project })
        const caller = { account, project, receivedAt: Date.now(), userAgent: null } as unknown as CallerOf<A>
        const parsed = endpoint.input.parse(key[1])
        return endpoint.output.parse(await timed(...key, caller, () => service(parsed, caller)))
      },
      retry: false,
    })
    .then(() => {})
    .catch((error) => {
      if (databaseAway() || hasGone()) return
      log('warn', 'prefetch failed', { endpoint: endpoint.id, error })
    })
  const asked = readsOf(...key)
  if (!asked) return Promise.race([answered, setTimeout(FIRST_HTML_MS)])
  // The other half is for the page's way to the eye.
  await Promise.race([answered, setTimeout(PATIENCE_MS / 2)])
  if (client.getQueryState(key)?.status !== 'pending') return
  await Promise.race([answered, prefetch(client, getEstimate, estimate, asked)])
  const told = client.getQueryData<OutputOf<typeof getEstimate>>(queryKey(getEstimate, asked))
  if (told === undefined || told.ms < LONG_MS) return answered
  client.setDefaultOptions({ dehydrate: { shouldDehydrateQuery: ({ state }) => state.status !== 'error' } })
}
