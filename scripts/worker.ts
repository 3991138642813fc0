import { Cron } from 'croner'
import { keepRecord } from '@/lib/access/record/keep'
import { watchMetrics } from '@/lib/analytics/metric-alerts/watch'
import { moveLeftBehind } from '@/lib/analytics/users/identify'
import { databaseAway, leader } from '@/lib/database'
import { env } from '@/lib/env'
import { advanceRollups } from '@/lib/jobs/advance-rollups'
import { maintainPartitions } from '@/lib/jobs/maintain-partitions'
import { log } from '@/lib/log'
import { endDeliveries } from '@/lib/recovery/alerts/deliver'
import { catchUpSecond } from '@/lib/recovery/backups/catch-up'
import { askScheduled } from '@/lib/recovery/backups/schedule'
import { keepView } from '@/lib/recovery/backups/view'
import { mirrorJournal } from '@/lib/recovery/journal/mirror'
import { resumeOperations } from '@/lib/recovery/operations/resume'
import { watchCluster } from '@/lib/recovery/watch'
import { stopWithParent } from '@/scripts/start/child'
import { endTasks, startTasks } from '@/scripts/start/tasks'

/** Does what must be done without anyone asking. Jobs by the clock, each never twice at once. */
const jobs = [
  every('7 * * * *', 'maintainPartitions', () => maintainPartitions()),
  every('17 * * * *', 'moveLeftBehind', moveLeftBehind),
  every('*/2 * * * * *', 'advanceRollups', advanceRollups),
  every('*/3 * * * * *', 'keepAccessRecord', keepAccessRecord),
  every('*/5 * * * * *', 'mirrorJournal', mirrorJournal),
  every('*/20 * * * * *', 'watchMetrics', () => watchMetrics()),
  // Needs no database: that may be what was being moved.
  every('*/2 * * * * *', 'resumeOperations', resumeOperations, 'always'),
  every('*/2 * * * * *', 'watchCluster', watchCluster, 'always'),
  every('* * * * * *', 'startTasks', startTasks, 'always'),
  every('*/5 * * * * *', 'catchUpSecond', catchUpSecond, 'always'),
  every('*/30 * * * * *', 'keepView', keepBackupView, 'always'),
  every('*/20 * * * * *', 'askScheduled', () => askScheduled()),
]

function every(pattern: string, job: string, work: () => Promise<void>, when?: 'always'): Cron {
  return new Cron(
    pattern,
    { protect: true, catch: (error) => log('error', 'a job failed', { job, error }) },
    async () => {
      // That it is away is in the log once: not once more for every job that cannot run.
      if (when === 'always' || !databaseAway()) await work()
    },
  )
}

async function keepAccessRecord(): Promise<void> {
  const dataDir = env().HOLDFAST_DATA_DIR
  if (dataDir) await keepRecord(leader(), dataDir)
}

async function keepBackupView(): Promise<void> {
  if (env().HOLDFAST_DATA_DIR) await keepView()
}

stopWithParent(async () => {
  for (const job of jobs) job.stop()
  await endTasks()
  await endDeliveries()
})
process.send?.({ ready: true })
