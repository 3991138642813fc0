'use client'

import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { type ReactNode, useState } from 'react'
import { Confirmations } from '@/components/ui/confirm'
import { cssVariables, theme } from '@/components/ui/theme'
import { RequestError } from '@/lib/http/client'
import { Messages } from './messages'

/** Milliseconds that an answer counts as fresh, so that the browser does not ask again for what the page brought. */
const FRESH_MS = 15_000

/** Whoever is told to come back after more seconds than this is told so, in place of a repeat. */
const SOON_SECONDS = 2

/** A repeat can help when the server was not reached or is busy, not when it refused, or wants to be left alone. */
function worthRepeating(failures: number, error: Error): boolean {
  if (failures > 0) return false
  return !(error instanceof RequestError && (error.status < 500 || (error.retryAfter ?? 0) > SOON_SECONDS))
}

/** What every page stands in: theme, dialogs, messages, the state in the URL and the cache of answers. */
export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            staleTime: FRESH_MS,
            refetchOnWindowFocus: true,
            retry: worthRepeating,
            retryDelay: 1000,
          },
        },
      }),
  )
  return (
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <NuqsAdapter>
          <Confirmations>{children}</Confirmations>
          <Messages />
        </NuqsAdapter>
      </MantineProvider>
    </QueryClientProvider>
  )
}
