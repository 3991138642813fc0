import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  /** Page views posted so far, and how many there are or seem to be. */
  show(posted: number, total: number): void
  stop(): void
}

const LINE_EVERY_MS = 2_000

/** A progress bar on a terminal; a plain line every two seconds elsewhere, such as in a log of a build. */
export function startProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? bar(stream) : plainLines(stream)
}

function bar(stream: NodeJS.WriteStream): Progress {
  const format = '  {bar} {percentage}% | {value} of {total} | {duration_formatted}'
  const single = new SingleBar(
    { format, stream, hideCursor: true, clearOnComplete: false },
    Presets.shades_classic,
  )
  single.start(0, 0)
  return {
    show: (posted, total) => {
      single.setTotal(total)
      single.update(posted)
    },
    stop: () => single.stop(),
  }
}

function plainLines(stream: NodeJS.WriteStream): Progress {
  let last = performance.now()
  return {
    show: (posted, total) => {
      if (posted < total && performance.now() - last < LINE_EVERY_MS) return
      last = performance.now()
      stream.write(`  ${posted} of ${total}\n`)
    },
    stop: () => {},
  }
}
