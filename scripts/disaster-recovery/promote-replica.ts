import { userInfo } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Mode, Plan } from '@/lib/recovery/failover/contract'
import { movesLeader } from '@/lib/recovery/operations/contract'
import { setEnvironment } from './environment'

/** `npm run promote-replica`: from a terminal what the page does, by the same code. */

const usage = `npm run promote-replica -- [options]
  --mode switchover|failover   by itself: a switchover while the leader takes writes, else a failover
  --candidate NAME             whom to promote; by itself the best standby
  --reason TEXT                stands in the journal
  --accept-loss-bytes N        goes on in spite of checks that may be overridden, at the cost of so many bytes of WAL
  --dry-run                    makes the plan and changes nothing
  --yes                        asks nothing: the cluster's name counts as typed
  --data-dir DIR               of a cluster that npm start runs; .holdfast if left out. With DATABASE_URL, HOLDFAST_MEMBERS,
                               HOLDFAST_CLUSTER, HOLDFAST_ENGINE_AUTH and HOLDFAST_DATA_DIR: of your own
Ends with 0 when it is done, 1 when it was refused or failed, 2 for wrong options.`

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        mode: { type: 'string' },
        candidate: { type: 'string' },
        reason: { type: 'string' },
        'accept-loss-bytes': { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        'data-dir': { type: 'string', default: '.holdfast' },
        help: { type: 'boolean', default: false },
      },
    })
    const loss = values['accept-loss-bytes']
    if (loss !== undefined && !/^\d{1,15}$/.test(loss)) throw new Error('--accept-loss-bytes wants a number')
    if (values.mode !== undefined && !['switchover', 'failover'].includes(values.mode))
      throw new Error('--mode is switchover or failover')
    return values
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
  await setEnvironment(options['data-dir'])
  process.exitCode = await promote()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
process.exit()

async function promote(): Promise<number> {
  const { carryOut, makePlan } = await import('@/lib/recovery/failover/service')
  const { readTopology } = await import('@/lib/recovery/topology/service')
  // A leader that answered late is not lost: nobody leads only when two looks found nobody.
  const led = async () => (await readTopology()).writable.length > 0
  const mode =
    (options.mode as Mode | undefined) ?? ((await led()) || (await led()) ? 'switchover' : 'failover')
  const plan = await makePlan({ mode, candidate: options.candidate }, actor)
  printPlan(plan)
  if (options['dry-run']) return plan.verdict === 'ready' ? 0 : 1
  if (plan.verdict === 'refused') {
    console.log('\nRefused: nothing was changed.')
    return 1
  }
  const loss = options['accept-loss-bytes']
  if (plan.verdict === 'overridable' && loss === undefined) {
    console.log(
      '\nRefused: --accept-loss-bytes says that you go on in spite of what fails. Nothing was changed.',
    )
    return 1
  }
  const { reason, confirm } = await ask(plan)
  const { operationId } = await carryOut(
    {
      planId: plan.planId,
      mode,
      candidate: plan.candidate ?? '',
      reason,
      confirm,
      ...(loss !== undefined && { acceptLossBytes: Number(loss) }),
    },
    actor,
  )
  return follow(operationId)
}

async function ask(plan: Plan): Promise<{ reason: string; confirm: string }> {
  if (options.yes) return { reason: options.reason ?? 'from a terminal', confirm: plan.cluster }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    console.log()
    const reason = options.reason ?? (await terminal.question('Why? (for the journal) '))
    return { reason, confirm: await terminal.question(`Type ${plan.cluster} to go on: `) }
  } finally {
    terminal.close()
  }
}

function printPlan(plan: Plan): void {
  const words = { pass: 'ok  ', warn: 'WARN', fail: 'FAIL' }
  console.log(
    `${plan.mode} of ${plan.cluster} from ${plan.leader ?? 'no leader'} to ${plan.candidate ?? 'nobody'}\n`,
  )
  for (const { name, chosen, reason } of plan.candidates)
    console.log(`${chosen ? '→' : ' '} ${name}: ${reason}`)
  console.log()
  for (const { name, status, observed, limit, message, overridable } of plan.checks) {
    console.log(`${words[status]} ${name}: ${observed}`)
    if (status !== 'pass')
      console.log(
        `     limit: ${limit}. ${message}${status === 'fail' && !overridable ? ' Cannot be overridden.' : ''}`,
      )
  }
  console.log('\nWhat will be done; a dry run is no guarantee, all checks are made again:')
  for (const [index, step] of plan.steps.entries()) console.log(`  ${index + 1}. ${step}`)
}

/** Prints each step as it ends, and what it came to. */
async function follow(id: string): Promise<number> {
  const { readOperation } = await import('@/lib/recovery/operations/service')
  const told = new Set<string>()
  console.log()
  for (;;) {
    const operation = await readOperation({ id })
    if (!movesLeader(operation)) throw new Error(`${id} moves no leader`)
    for (const { name, state, detail, startedAt, endedAt } of operation.steps) {
      if (!endedAt || told.has(name)) continue
      told.add(name)
      const took = (Date.parse(endedAt) - Date.parse(startedAt ?? endedAt)) / 1000
      console.log(`${name.padEnd(10)} ${state.padEnd(8)} ${took.toFixed(1).padStart(5)} s  ${detail}`)
    }
    if (operation.state !== 'running') {
      const { message, rtoSeconds, lostBytes } = operation
      console.log(
        `\n${message} RTO ${rtoSeconds ?? '–'} s, lost: ${lostBytes === null ? 'unknown' : `${lostBytes} bytes`}.`,
      )
      return operation.state === 'succeeded' ? 0 : 1
    }
    await sleep(100)
  }
}
