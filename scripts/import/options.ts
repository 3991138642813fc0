import { parseArgs } from 'node:util'
import { ImportError } from './fail'
import { type FormatName, formatNames, formats } from './formats'

export interface Options {
  /** A path, or `-` for standard input. */
  file: string
  format?: FormatName
  project?: string
  dataDir: string
  url?: string
  key?: string
}

export const usage = `Usage: npm run import -- FILE [options]

FILE is a web server's log, or an export of Holdfast's, plain or gzipped; - is standard input.

  --format NAME    what a log is in; found by its lines, if left out:
${formatNames.map((name) => `                     ${name.padEnd(9)} ${formats[name].about}`).join('\n')}
  --project NAME   the project to import into, by name or id; made if there is none of that name
  --data-dir DIR   where the running Holdfast keeps its data (HOLDFAST_DATA_DIR, else .holdfast)
  --url URL        a Holdfast elsewhere, together with
  --key KEY        a write or secret key of the project to import into`

/**
 * Reads the command line; null where help is asked for.
 *
 * @param piped standard input is not a terminal, so that FILE may be left out
 * @throws ImportError
 */
export function readOptions(args: string[], env: NodeJS.ProcessEnv, piped: boolean): Options | null {
  const { values, positionals } = parse(args)
  if (values.help) return null
  const [file = piped ? '-' : undefined, ...more] = positionals
  if (file === undefined) throw new ImportError(`name a log to import\n\n${usage}`)
  if (more.length > 0)
    throw new ImportError(`one log at a time; to join several: cat ${file} … | npm run import`)
  const { url, key, project, format } = values
  if ((url === undefined) !== (key === undefined)) throw new ImportError('--url and --key go together')
  if (url !== undefined && project !== undefined)
    throw new ImportError('with --url the key decides the project; leave --project out')
  if (url !== undefined && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new ImportError(`--url ${url} is not an http address`)
  if (format !== undefined && !isFormat(format))
    throw new ImportError(`--format ${format} is none of ${formatNames.join(', ')}`)
  return {
    file,
    ...(format !== undefined && { format }),
    ...(project !== undefined && { project }),
    dataDir: values['data-dir'] ?? env.HOLDFAST_DATA_DIR ?? '.holdfast',
    ...(url !== undefined && { url: url.replace(/\/+$/, '') }),
    ...(key !== undefined && { key }),
  }
}

const isFormat = (name: string): name is FormatName => Object.hasOwn(formats, name)

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        project: { type: 'string' },
        format: { type: 'string' },
        'data-dir': { type: 'string' },
        url: { type: 'string' },
        key: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new ImportError(`${error instanceof Error ? error.message : error}\n\n${usage}`)
  }
}
