import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { spool } from '@/lib/analytics/ingest/spool/spool'
import { databaseAway } from '@/lib/database'
import { inTime } from '@/lib/in-time'
import { firingByRule } from '@/lib/recovery/alerts/service'
import { checkBackups } from '@/lib/recovery/backups/service'
import { describeReplication } from '@/lib/recovery/replication/service'
import { readTopology } from '@/lib/recovery/topology/service'
import { singleton } from '@/lib/singleton'

/** Repositories that take longer to look at are not waited for, in milliseconds. */
const BACKUPS_MS = 1_000

const metrics = () => singleton('recovery.metrics', makeMetrics)

/** This process's metrics and the cluster's, in Prometheus' text format. Answers with every database down. */
export async function writeMetrics(): Promise<{ text: string; type: string }> {
  const { registry, observe } = metrics()
  // Before, not as a `collect` of one of them: the others would be written out with what they were at the last scrape.
  await observe()
  return { text: await registry.metrics(), type: registry.contentType }
}

export type RecordOutcome = 'accepted' | 'duplicate' | 'spooled' | 'dropped' | 'rejected'

/** Counts what became of records that were sent. */
export function countRecords(outcome: RecordOutcome, count: number): void {
  if (count > 0) metrics().records.inc({ outcome }, count)
}

function makeMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const records = new Counter({
    name: 'holdfast_records_total',
    help: 'Records that were sent, by what became of them; those spooled are accepted, too',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `holdfast_${name}`, help, labelNames, registers: [registry] })
  const away = gauge('database_away', '1 while no leader answers this process')
  const spoolRecords = gauge('spool_records', 'Records that wait for a leader')
  const spoolBytes = gauge('spool_bytes', 'Bytes of the spool')
  const spoolSeconds = gauge('spool_oldest_seconds', 'For how long the oldest record has waited')
  const writable = gauge(
    'writable_members',
    'Members whose PostgreSQL takes writes: 1, or something is wrong',
  )
  const healthy = gauge('member_healthy', '1 while nothing is wrong with a member', ['member'])
  const lag = gauge('member_lag_bytes', 'WAL that a standby has yet to replay', ['member'])
  const firing = gauge('alert_firing', '1 while an alert fires', ['rule'])
  const rpo = gauge('rpo_seconds', 'What the loss of the leader would lose now; NaN if unknown')
  const backupAge = gauge('backup_age_seconds', 'Since the newest whole backup ended; NaN if there is none')
  const backupRpo = gauge(
    'backup_rpo_seconds',
    'What the loss of every member would lose now; NaN if unknown',
  )
  const drillRto = gauge(
    'drill_rto_seconds',
    'How long the last drill took to restore; NaN if there was none',
  )
  const scrape = gauge('scrape_seconds', 'How long it took to ask the cluster')
  const observe = async () => {
    const begun = performance.now()
    const asked = readTopology()
    const [status, topology, backups] = await Promise.all([
      describeReplication(asked),
      asked,
      inTime(BACKUPS_MS, checkBackups),
    ])
    away.set(databaseAway() ? 1 : 0)
    const state = spool()?.state
    spoolRecords.set(state?.records ?? 0)
    spoolBytes.set(state?.bytes ?? 0)
    spoolSeconds.set(state?.oldestAt ? (Date.now() - Date.parse(state.oldestAt)) / 1000 : 0)
    writable.set(topology.writable.length)
    for (const member of status.members) {
      healthy.set({ member: member.name }, member.healthy ? 1 : 0)
      if (member.lagBytes === null) lag.remove({ member: member.name })
      else lag.set({ member: member.name }, member.lagBytes)
    }
    for (const [rule, value] of firingByRule()) firing.set({ rule }, value)
    rpo.set(status.rpoSeconds ?? Number.NaN)
    backupAge.set(backups?.ageSeconds ?? Number.NaN)
    backupRpo.set(backups?.rpoSeconds ?? Number.NaN)
    drillRto.set(backups?.lastDrill?.rtoSeconds ?? Number.NaN)
    scrape.set((performance.now() - begun) / 1000)
  }
  return { registry, records, observe }
}
