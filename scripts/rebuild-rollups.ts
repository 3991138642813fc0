import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { connect, findLeader } from '@/db/connect'
import { advanceRollups, forgetRollups } from '@/db/queries/analytics/rollups/advance'
import { addressOfRunning } from '@/scripts/cluster/running'

/**
 * `npm run rebuild-rollups`: makes the rollups anew from the records, of the database in DATABASE_URL or of the running
 * local cluster. Charts stay exact meanwhile; they are slower.
 */
const { values } = parseArgs({
  options: { 'data-dir': { type: 'string', default: process.env.HOLDFAST_DATA_DIR ?? '.holdfast' } },
})
const address = process.env.DATABASE_URL ?? addressOfRunning(resolve(values['data-dir']))
const connection = connect(await findLeader(address), { max: 1, name: 'holdfast rebuild-rollups' })
const started = performance.now()
try {
  await forgetRollups(connection.db)
  // The worker may be at it already: then this waits for its turn and adds what is left.
  await advanceRollups(connection.db, 'wait')
  console.log(`The rollups are made anew: ${((performance.now() - started) / 1000).toFixed(1)} s`)
} finally {
  await connection.close()
}
