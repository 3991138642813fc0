import { mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { isAbsolute } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import type { Target } from '@/lib/recovery/restore/contract'
import { isInside } from '@/scripts/start/give-up-root'
import { setEnvironment } from './environment'
import { followTask } from './follow-task'

/** `npm run recover-pitr`: recovery to a point in time from a terminal, by the code of the Restore page. */

const usage = `npm run recover-pitr -- TARGET [options]
  --target-time TIME           with a zone, such as 2026-11-26T18:15:00Z
  --target-lsn LSN             such as 0/3000028
  --target-xid XID             of pg_current_xact_id()
  --target-name NAME           of a restore point
  --latest                     all that is archived
  --target-timeline N          the timeline to recover along, if not the newest: what a recovery undid is on the one before
  --repo 1|2                   the repository; 1 if left out
  --to DIR                     where to restore to; a new folder under restored/ of the data folder if left out
  --execute                    restores, beside the cluster. Without it only the plan is printed, and nothing is changed
  --cut-over                   puts a restored folder in the leader's place: the last restore's, or that of --to
  --reason TEXT                stands in the journal
  --yes                        asks nothing: the cluster's name counts as typed
  --data-dir DIR               of a cluster that npm start runs; .holdfast if left out. With DATABASE_URL, HOLDFAST_MEMBERS,
                               HOLDFAST_DATA_DIR and BACKUP_…: of your own
Ends with 0 when it is done, or could be, 1 when it is not, 2 for wrong options.`

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        'target-time': { type: 'string' },
        'target-lsn': { type: 'string' },
        'target-xid': { type: 'string' },
        'target-name': { type: 'string' },
        'target-timeline': { type: 'string' },
        latest: { type: 'boolean', default: false },
        repo: { type: 'string', default: '1' },
        to: { type: 'string' },
        execute: { type: 'boolean', default: false },
        'cut-over': { type: 'boolean', default: false },
        reason: { type: 'string' },
        yes: { type: 'boolean', default: false },
        'data-dir': { type: 'string', default: '.holdfast' },
        help: { type: 'boolean', default: false },
      },
    })
    const timeline = values['target-timeline']
    if (timeline !== undefined && !/^[1-9]\d{0,8}$/.test(timeline))
      throw new Error('--target-timeline wants a number')
    if (!['1', '2'].includes(values.repo)) throw new Error('--repo is 1 or 2')
    const targets: Target[] = [
      ...(values['target-time'] === undefined ? [] : [{ kind: 'time' as const, at: values['target-time'] }]),
      ...(values['target-lsn'] === undefined ? [] : [{ kind: 'lsn' as const, lsn: values['target-lsn'] }]),
      ...(values['target-xid'] === undefined ? [] : [{ kind: 'xid' as const, xid: values['target-xid'] }]),
      ...(values['target-name'] === undefined
        ? []
        : [{ kind: 'name' as const, name: values['target-name'] }]),
      ...(values.latest ? [{ kind: 'latest' as const }] : []),
    ]
    if (targets.length > 1) throw new Error('one target, not several')
    if (targets.length === 0 && !values['cut-over'] && !values.help) throw new Error('a target is wanted')
    return { ...values, target: targets[0], timeline: timeline === undefined ? undefined : Number(timeline) }
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`)
    process.exit(2)
  }
}

const options = readOptions()
if (options.help) {
  console.log(usage)
  process.exit(0)
}

// Who may read the data folder may do anything already: there is nothing to prove.
const actor = { name: `${userInfo().username} at a terminal`, prove: async () => {} }

try {
  const dataDir = process.env.HOLDFAST_DATA_DIR ?? options['data-dir']
  const { to } = options
  const outside = to && isAbsolute(to) && !isInside(to, dataDir) ? [to] : []
  // Where it is to be, whoever it is that restores there.
  if (options.execute) for (const folder of outside) mkdirSync(folder, { recursive: true, mode: 0o700 })
  await setEnvironment(options['data-dir'], outside)
  process.exitCode = options.target ? await recover(options.target) : await cutOver()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
process.exit()

/** Prints the plan; with --execute carries it out. */
async function recover(target: Target): Promise<number> {
  const { planRestoreTo, toInput } = await import('@/lib/recovery/restore/service')
  const repository = Number(options.repo)
  const plan = await planRestoreTo({ ...toInput(target), repository, timeline: options.timeline })
  console.log(`${plan.reachable ? 'ok  ' : 'FAIL'} ${plan.reason}`)
  if (plan.nearest)
    console.log(
      `     The nearest that can be reached: ${plan.nearest.words}${plan.nearest.at ? `, ${plan.nearest.at}` : ''}`,
    )
  if (plan.undone) {
    const undone = plan.undone.filter(({ records }) => records > 0)
    const words = undone.map(({ table, records }) => `${records} of ${table}`).join(', ')
    console.log(`     Records that arrived after it: ${words || 'none'}`)
  }
  if (!plan.reachable) return 1
  if (!options.execute) {
    console.log('\nWhat to do; nothing was changed:')
    for (const [index, { step, command }] of plan.instructions.entries())
      console.log(`  ${index + 1}. ${step}${command ? `\n       ${command}` : ''}`)
    return 0
  }
  const { beginTask } = await import('@/lib/recovery/tasks/store')
  const reason = options.reason ?? 'from a terminal'
  const task = await beginTask(
    { kind: 'restore', repository, target, timeline: options.timeline ?? null, folder: options.to ?? null },
    actor.name,
    reason,
  )
  return followTask(task.id)
}

/** Puts a restored folder in the leader's place, after the cluster's name was typed. */
async function cutOver(): Promise<number> {
  const { cutOverBy, findRestore } = await import('@/lib/recovery/restore/cut-over')
  const { readTopology } = await import('@/lib/recovery/topology/service')
  const restore = findRestore(options.to)
  const { name } = await readTopology()
  console.log(
    `${restore.message}\nIt is put in the place of the leader of ${name}. What was written since is undone; what the leader has is kept beside.`,
  )
  const { taskId } = await cutOverBy({ taskId: restore.id, ...(await ask(name)) }, actor)
  return followTask(taskId)
}

async function ask(cluster: string): Promise<{ reason: string; confirm: string }> {
  if (options.yes) return { reason: options.reason ?? 'from a terminal', confirm: cluster }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const reason = options.reason ?? (await terminal.question('Why? (for the journal) '))
    return { reason, confirm: await terminal.question(`Type ${cluster} to go on: `) }
  } finally {
    terminal.close()
  }
}
