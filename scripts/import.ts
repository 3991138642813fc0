import { type Destination, findDestination } from './import/destination'
import { ImportError } from './import/fail'
import { makeBatches } from './import/make-batches'
import { type OpenLog, openLog, peek } from './import/open-log'
import { type Options, readOptions, usage } from './import/options'
import { noTotals, postBatches, type Totals } from './import/post-batches'
import { startProgress } from './import/progress'
import { type LogCounts, type LogEvent, readLog } from './import/read-log'
import { isRecord, readRecords } from './import/read-records'
import { allTaken, linkTo, resultOf, summaryOf } from './import/report'

/** Imports one file; false where the server did not take every record. */
async function importFile(options: Options, signal: AbortSignal): Promise<boolean> {
  const log = openLog(options.file)
  const destination = await findDestination({ ...options, purpose: 'import' })
  console.log(`Importing ${options.file === '-' ? 'standard input' : options.file} into ${destination.name}`)
  try {
    const { first, bytes } = await peek(log.bytes)
    return options.format === undefined && isRecord(first)
      ? await importRecords(bytes, destination, signal)
      : await importLog({ log, bytes }, options.format, destination, signal)
  } finally {
    await destination.release().catch((error: unknown) => {
      console.error(`The key named import was not revoked: ${error instanceof Error ? error.message : error}`)
    })
  }
}

/** Imports an export of Holdfast's. */
async function importRecords(
  bytes: AsyncIterable<Uint8Array>,
  destination: Destination,
  signal: AbortSignal,
): Promise<boolean> {
  const { counts, records } = readRecords(bytes)
  const totals = await post(records, destination, signal, () => counts.lines)
  console.log(`\n${resultOf(totals, 'records')}`)
  if (counts.expected !== counts.lines)
    throw new ImportError(
      counts.expected === undefined
        ? 'the export is cut off: its last line is missing. What is there was imported'
        : `the export says that it holds ${counts.expected} records, and held ${counts.lines}`,
    )
  return totals.accepted + totals.duplicates === counts.lines
}

async function post(
  records: AsyncIterable<string>,
  destination: Destination,
  signal: AbortSignal,
  expected: () => number,
): Promise<Totals> {
  const totals = noTotals()
  const progress = startProgress()
  const onPosted = () => progress.show(totals.sent, expected())
  try {
    await postBatches(makeBatches(records), destination, totals, { signal, onPosted })
    return totals
  } catch (error) {
    progress.stop()
    console.error(`${totals.sent} records were sent before this; run it again, nothing is counted twice.`)
    throw error
  } finally {
    progress.stop()
  }
}

async function* jsonOf(events: AsyncIterable<LogEvent>): AsyncGenerator<string> {
  for await (const event of events) yield JSON.stringify(event)
}

async function importLog(
  { log, bytes }: { log: OpenLog; bytes: AsyncIterable<Uint8Array> },
  format: Options['format'],
  destination: Destination,
  signal: AbortSignal,
): Promise<boolean> {
  const { counts, events } = readLog(bytes, format)
  const totals = await post(jsonOf(events), destination, signal, () => expectedViews(log, counts))
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
    if (options) return (await importFile(options, stop.signal)) ? 0 : 1
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
