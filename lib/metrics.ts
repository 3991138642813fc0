import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { singleton } from '@/lib/singleton'

/** Upper bounds in seconds: from a record that is stored to a chart that is stopped at its limit. */
const SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10, 30]

/** Gauges with the names of counters, which promtool complains of; the same numbers by type are there beside them. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`)

const metrics = () =>
  singleton('metrics', () => {
    const registry = new Registry()
    const registers = [registry]
    collectDefaultMetrics({ register: registry })
    for (const name of MISNAMED) registry.removeSingleMetric(name)
    return {
      registry,
      records: new Counter({
        name: 'holdfast_records_total',
        help: 'Records that were sent, by what became of them; those spooled are accepted, too',
        labelNames: ['outcome'],
        registers,
      }),
      requests: new Histogram({
        name: 'holdfast_http_request_duration_seconds',
        help: 'Requests to the API until they were answered, by operation of the OpenAPI document and class of status',
        labelNames: ['operation', 'status'],
        buckets: SECONDS,
        registers,
      }),
    }
  })

/** What this process counts, for Prometheus. */
export const registry = (): Registry => metrics().registry

export type RecordOutcome = 'accepted' | 'duplicate' | 'spooled' | 'dropped' | 'rejected'

/** Counts what became of records that were sent. */
export function countRecords(outcome: RecordOutcome, count: number): void {
  if (count > 0) metrics().records.inc({ outcome }, count)
}

/** Counts a request that was answered. @param begun of `performance.now()` */
export function countRequest(operation: string, status: number, begun: number): void {
  const labels = { operation, status: `${Math.floor(status / 100)}xx` }
  metrics().requests.observe(labels, (performance.now() - begun) / 1_000)
}
