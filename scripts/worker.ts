import { Cron } from 'croner'
import { moveLeftBehind } from '@/lib/analytics/users/identify'
import { advanceRollups } from '@/lib/jobs/advance-rollups'
import { maintainPartitions } from '@/lib/jobs/maintain-partitions'
import { log } from '@/lib/log'
import { stopWithParent } from '@/scripts/start/child'

/** Does what must be done without anyone asking. Jobs by the clock, each never twice at once. */
const jobs = [
  every('7 * * * *', 'maintainPartitions', () => maintainPartitions()),
  every('17 * * * *', 'moveLeftBehind', moveLeftBehind),
  every('*/2 * * * * *', 'advanceRollups', advanceRollups),
]

function every(pattern: string, job: string, work: () => Promise<void>): Cron {
  return new Cron(
    pattern,
    { protect: true, catch: (error) => log('error', 'a job failed', { job, error }) },
    work,
  )
}

stopWithParent(async () => {
  for (const job of jobs) job.stop()
})
process.send?.({ ready: true })
