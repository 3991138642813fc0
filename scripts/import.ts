import { findDestination } from './import/destination'
import { ImportError } from './import/fail'
import { makeBatches } from './import/make-batches'
import { type OpenLog, openLog } from './import/open-log'
import { type Options, readOptions, usage } from './import/options'
import { noTotals, postBatches } from './import/post-batches'
import { startProgress } from './import/progress'
import { type LogCounts, readLog } from './import/read-log'
import { allTaken, linkTo, summaryOf } from './import/report'

/** Imports one log; false where the server did not take every page view. */
async function importLog(options: Options, signal: AbortSignal): Promise<boolean> {
  const log = openLog(options.file)
  const destination = await findDestination(options)
  const { counts, events } = readLog(log.bytes, options.format)
  const totals = noTotals()
  const progress = startProgress()
  const onPosted = () => progress.show(totals.sent, expectedViews(log, counts))
  console.log(`Importing ${options.file === '-' ? 'standard input' : options.file} into ${destination.name}`)
  try {
    await postBatches(makeBatches(events), destination, totals, { signal, onPosted })
  } catch (error) {
    progress.stop()
    console.error(`${totals.sent} page views were sent before this; run it again, nothing is counted twice.`)
    throw error
  } finally {
    progress.stop()
    await destination.release().catch((error: unknown) => {
      console.error(`The key named import was not revoked: ${error instanceof Error ? error.message : error}`)
    })
  }
  console.log(`\n${summaryOf(counts, totals)}`)
  if (counts.lines === counts.classes.malformed)
    throw new ImportError(
      counts.lines === 0
        ? 'there is no line in it'
        : 'none of its lines was understood; --format says what it is in',
    )
  const link = linkTo(destination.url, counts, destination.projectId)
  if (link) console.log(`See them at ${link}`)
  return allTaken(counts, totals)
}

/** How many page views the log seems to hold, by how much of the file they were found in. */
function expectedViews({ size, readBytes }: OpenLog, { classes }: LogCounts): number {
  if (size === undefined || readBytes === 0) return classes.imported
  return Math.ceil((classes.imported * size) / Math.min(size, readBytes))
}

async function main(): Promise<number> {
  const stop = new AbortController()
  // Once, to leave in order (the key is revoked); a second Ctrl-C ends the process at once.
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => stop.abort(new ImportError('stopped')))
  try {
    const options = readOptions(process.argv.slice(2), process.env, !process.stdin.isTTY)
    if (options) return (await importLog(options, stop.signal)) ? 0 : 1
    console.log(usage)
    return 0
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
    console.error(`Import: ${error.message}`)
    return 1
  }
}

// Standard input that was not read to its end would keep the process alive.
process.exit(await main())
