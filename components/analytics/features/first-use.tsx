'use client'

import { useAddress } from '@/components/analytics/use-address'
import { EmptyState } from '@/components/ui/empty-state'

/** What stands where no feature was used: the lines that send the first use. */
export function FirstUse({ feature }: { feature?: string }) {
  const address = useAddress()
  const name = JSON.stringify(feature ?? 'csv_export').replaceAll("'", "'\\''")
  return (
    <EmptyState
      title={feature ? `No use of ${feature} in this range` : 'No feature was used in this range'}
      code={`curl ${address}/api/analytics/user/features/track \\
  -H 'Authorization: Bearer wk_…' \\
  -H 'Content-Type: application/json' \\
  -d '{"userId": "user-1", "feature": ${name}, "category": "reports",
       "action": "used", "success": true, "durationMs": 1200}'`}
    >
      Choose a longer range, remove a filter, or send uses of a feature: “opened” when it is looked at, “used”
      each time with how long it took and whether it worked, “completed” when it is brought to its end.
    </EmptyState>
  )
}
