import type { Connection } from '@/db/connect'
import { insertProject } from '@/db/queries/access/projects'
import { ensurePartitions } from '@/db/queries/analytics/ensure-partitions'
import { migrate } from '@/db/queries/migrate'
import type { Project } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { monthsAhead } from '@/lib/jobs/maintain-partitions'
import { runTask } from '@/lib/recovery/tasks/run'
import { beginTask, type KeptTask, loadTask, type Order } from '@/lib/recovery/tasks/store'
import { works } from '@/lib/recovery/tasks/works'

/** Records in a database, and tasks on it that run in this process. */
export interface TaskRig {
  /** Records so many events of a name. */
  record(count: number, name?: string): Promise<void>
  count(name: string): Promise<number>
  /** Asks for a task and carries it out. @returns it as it ended */
  carryOut(order: Order): Promise<KeptTask>
}

/** Makes the schema and a project in the database that the environment names. */
export async function makeTaskRig(connection: Connection): Promise<TaskRig> {
  await migrate(connection)
  await ensurePartitions(connection.db, monthsAhead(new Date()))
  const project = (await insertProject(connection.db, { name: 'Test' })) as Project
  return {
    async record(count, name = 'seen') {
      const records = Array.from({ length: count }, (_, index) => ({
        kind: 'event',
        userId: `u${index}`,
        name,
      }))
      const caller = { project, account: null, receivedAt: Date.now(), userAgent: null }
      await recordEvents(trackBatch.input.parse({ records }), caller)
    },
    async count(name) {
      const [row] = await connection.sql`select count(*)::int as n from user_events where name = ${name}`
      return row?.n
    },
    async carryOut(order) {
      const { id } = await beginTask(order, 'tester', 'a test')
      await runTask(loadTask(id) as KeptTask, works, new AbortController().signal)
      return loadTask(id) as KeptTask
    },
  }
}
