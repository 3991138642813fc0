import type { QueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { CallerOf } from '@/lib/access/caller'
import { chosenProject, identifyAccount } from '@/lib/access/identify'
import { queryKey } from '@/lib/http/client'
import type { Access, Endpoint } from '@/lib/http/endpoint'
import type { Service } from '@/lib/http/route'
import { log } from '@/lib/log'

/**
 * Runs a service in-process for the one who is signed in, and puts its answer under the key that the browser's
 * `query(endpoint, input)` reads. What fails is left to the browser, which asks again and shows why.
 */
export async function prefetch<Input extends z.ZodType, Output extends z.ZodType, A extends Access>(
  client: QueryClient,
  endpoint: Endpoint<Input, Output, A>,
  service: Service<Input, Output, A>,
  input: z.input<Input>,
): Promise<void> {
  await client
    .fetchQuery({
      queryKey: queryKey(endpoint, input),
      queryFn: async () => {
        const account = await identifyAccount(new Headers(), endpoint.access, false)
        const { project: wanted } = input as { project?: string }
        const project = endpoint.access === 'read' ? await chosenProject(wanted) : undefined
        const caller = { account, project, receivedAt: Date.now(), userAgent: null } as unknown as CallerOf<A>
        return endpoint.output.parse(await service(endpoint.input.parse(withoutEmpty(input)), caller))
      },
      retry: false,
    })
    .catch((error) => log('warn', 'prefetch failed', { endpoint: endpoint.id, error }))
}

/** A parameter that is null or empty was not given. */
function withoutEmpty(input: unknown): unknown {
  const given = Object.entries(input as Record<string, unknown>).filter(
    ([, value]) => value !== null && value !== '',
  )
  return Object.fromEntries(given)
}
