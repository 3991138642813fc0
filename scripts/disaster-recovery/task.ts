import { writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
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

/**
 * Linux shares the processors among sessions before it looks at what runs in them, so a low priority alone gives way to
 * nobody in another session, which is where each of PostgreSQL's processes is. A third of a usual session's share, and
 * not next to nothing: beside a load that never ends a backup has to end, too.
 */
function giveWay(): void {
  setPriority(constants.priority.PRIORITY_LOW)
  try {
    writeFileSync('/proc/self/autogroup', '5')
  } catch {
    // Not Linux, or one that does not share by session: the priority does it.
  }
}
