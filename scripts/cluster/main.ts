// The supervisor's process: `main.ts DATA_DIR`, started by startCluster over IPC. It never outlives its
// parent.
import { giveUpRoot } from '@/scripts/start/give-up-root'
import { explain } from './failures'
import { Supervisor } from './supervisor'

const [dataDir] = process.argv.slice(2)
const stamp = () => new Date().toISOString()

function tell(message: object): Promise<void> {
  return new Promise((sent) => {
    if (process.connected) process.send?.(message, () => sent())
    else sent()
  })
}

function log(line: string): void {
  console.log(`${stamp()} ${line}`)
  tell({ type: 'log', line })
}

const supervisor = new Supervisor(log)

async function end(why: string): Promise<void> {
  console.log(`${stamp()} stopping: ${why}`)
  await supervisor.stop()
  process.exit(0)
}

process.on('SIGTERM', () => end('SIGTERM'))
process.on('SIGINT', () => end('SIGINT'))
process.on('SIGHUP', () => end('SIGHUP'))
process.on('disconnect', () => end('the parent process ended'))
process.on('message', (message) => {
  if (message === 'stop') end('asked to')
})
// The servers are better off with a supervisor that had an error than with none.
process.on('uncaughtException', (error) => log(`error in the supervisor: ${error.stack}`))

try {
  // A parent that died while this module was loaded has disconnected before anybody listened.
  if (!process.connected) process.exit(1)
  if (!dataDir) throw new Error('usage: main.ts DATA_DIR')
  await giveUpRoot(dataDir)
  await tell({ type: 'ready', cluster: await supervisor.start(dataDir) })
} catch (error) {
  const raised = error instanceof Error ? error : new Error(String(error))
  const full = (raised as NodeJS.ErrnoException).code === 'ENOSPC'
  const message = full ? explain('The cluster cannot start', 'ENOSPC', dataDir ?? '') : raised.message
  console.log(`${stamp()} ${message}`)
  await supervisor.stop()
  await tell({ type: 'failed', message })
  process.exit(1)
}
