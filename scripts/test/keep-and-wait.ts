import { Spool } from '@/lib/analytics/ingest/spool/spool'

/** A process that keeps a batch in a spool, says so, and waits to be killed: `keep-and-wait.ts FOLDER BATCH`. */
const [folder = '', batch = ''] = process.argv.slice(2)
await new Spool(folder, 1e9).append([JSON.parse(batch)])
process.send?.('kept')
setInterval(() => {}, 1_000)
