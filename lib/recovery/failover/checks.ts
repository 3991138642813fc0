import { candidateChecks } from '@/lib/recovery/failover/checks/candidate'
import { circumstanceChecks } from '@/lib/recovery/failover/checks/circumstances'
import { clusterChecks } from '@/lib/recovery/failover/checks/cluster'
import type { Situation } from '@/lib/recovery/failover/checks/situation'
import type { Check } from '@/lib/recovery/failover/contract'

/** All checks before a switchover or failover, in the order in which an operator reads them. */
export function checkSituation(situation: Situation): Check[] {
  return [...clusterChecks, ...candidateChecks, ...circumstanceChecks]
    .map((make) => make(situation))
    .filter((check) => check !== null)
}
