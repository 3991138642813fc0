'use client'

import { useChange } from '@/components/ui/use-change'
import { listChannels } from '@/lib/recovery/alerts/channels/contract'
import { getAlerts, listFiringAlerts } from '@/lib/recovery/alerts/contract'

/** A change of alerts or channels, which the page and the banner show. */
export const useAlertChange = <Input>(
  change: (input: Input) => Promise<unknown>,
  said: string,
  options?: { onSuccess?: () => void; onError?: (error: Error) => void },
) => useChange<Input>([getAlerts, listFiringAlerts, listChannels], change, said, options)
