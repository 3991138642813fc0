import { giveWay } from '@/lib/give-way'
import { runTask } from '@/lib/recovery/tasks/run'
import { loadTask } from '@/lib/recovery/tasks/store'
import { works } from '@/lib/recovery/tasks/works'
import { stopWithParent } from '@/scripts/start/child'

/**
 * Carries out the task whose id it is given, in a session of its own. It gives way to everything else: neither ingest nor
 * charts wait for a backup.
 */
const [id = ''] = process.argv.slice(2)
const halt = new AbortController()
giveWay()
const task = loadTask(id)
const running = task ? runTask(task, works, halt.signal) : Promise.resolve()
stopWithParent(() => {
  halt.abort(new Error('Holdfast was stopped.'))
  return running
})
await running
process.exit(0)
