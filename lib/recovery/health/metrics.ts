import { Gauge } from 'prom-client'
import { readRollupDelay } from '@/db/queries/analytics/rollups/read-delay'
import { spool } from '@/lib/analytics/ingest/spool/spool'
import { databaseAway, leader } from '@/lib/database'
import { inTime } from '@/lib/in-time'
import { registry } from '@/lib/metrics'
import { firingByRule } from '@/lib/recovery/alerts/service'
import { checkBackups } from '@/lib/recovery/backups/service'
import { describeReplication } from '@/lib/recovery/replication/service'
import { readTopology } from '@/lib/recovery/topology/service'
import { singleton } from '@/lib/singleton'

/** Repositories and databases that take longer to answer are not waited for, in milliseconds. */
const PATIENCE_MS = 1_000

/** This process's metrics and the cluster's, in Prometheus' text format. Answers with every database down. */
export async function writeMetrics(): Promise<{ text: string; type: string }> {
  // Before, not as a `collect` of one of them: the others would be written out with what they were at the last scrape.
  await singleton('recovery.metrics', makeGauges)()
  return { text: await registry().metrics(), type: registry().contentType }
}

/** @returns what asks the cluster and sets them */
function makeGauges(): () => Promise<void> {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `holdfast_${name}`, help, labelNames, registers: [registry()] })
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
  const rollups = gauge(
    'rollup_delay_seconds',
    'For how long the oldest record has waited for the rollups; NaN if unknown',
  )
  const unarchived = gauge(
    'archive_waiting_segments',
    'Segments of WAL that the leader has yet to archive; NaN if unknown',
  )
  const archiveFails = gauge('archive_failing', '1 while the leader’s last attempt to archive failed')
  const scrape = gauge('scrape_seconds', 'How long it took to ask the cluster')
  return async () => {
    const begun = performance.now()
    const asked = readTopology()
    const [status, topology, backups, delay] = await Promise.all([
      describeReplication(asked),
      asked,
      inTime(PATIENCE_MS, checkBackups),
      inTime(PATIENCE_MS, () => readRollupDelay(leader())),
    ])
    const [leading] = topology.writable
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
    rollups.set(delay ?? Number.NaN)
    unarchived.set(leading?.unarchived ?? Number.NaN)
    archiveFails.set(leading?.facts?.archiveFails ? 1 : 0)
    scrape.set((performance.now() - begun) / 1000)
  }
}
