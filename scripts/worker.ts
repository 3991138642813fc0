import { Cron } from 'croner'
import { maintainPartitions } from '@/lib/jobs/maintain-partitions'
import { log } from '@/lib/log'
import { stopWithParent } from '@/scripts/start/child'

/** Does what must be done without anyone asking. Jobs by the clock, each never twice at once. */
const jobs = [
  new Cron(
    '7 * * * *',
    { protect: true, catch: (error) => log('error', 'a job failed', { job: 'maintainPartitions', error }) },
    () => maintainPartitions(),
  ),
]

stopWithParent(async () => {
  for (const job of jobs) job.stop()
})
process.send?.({ ready: true })
