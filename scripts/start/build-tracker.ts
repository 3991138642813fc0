import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Format, type Plugin } from 'esbuild'
import { minify } from 'terser'
import { StartError } from '@/scripts/start/options'

const PACKAGE = 'holdfast-tracker'
/** What is built into `public`, and not kept in git. */
export const trackerFiles = [
  'holdfast.js',
  'holdfast.mjs',
  'holdfast.d.mts',
  'survey.js',
  `${PACKAGE}.tgz`,
] as const

/**
 * Builds what apps load, from `lib/tracker`: the script, the same as an ES module with its types, the survey, and a
 * package of the module that npm installs from our address.
 *
 * @param folder where it goes
 */
export async function buildTracker(folder = 'public'): Promise<void> {
  const write = async (file: string, code: Promise<string>) => writeFileSync(join(folder, file), await code)
  await Promise.all([
    write('holdfast.js', bundle('script.ts', 'iife')),
    write('holdfast.mjs', bundle('module.ts', 'esm')),
    write('survey.js', bundle('survey/index.ts', 'esm')),
  ])
  const types = readFileSync('lib/tracker/types.ts', 'utf8')
  const init =
    '\n/** Starts the tracker for a project. */\nexport declare function init(options: Options): Holdfast\n'
  writeFileSync(join(folder, 'holdfast.d.mts'), types + init)
  pack(folder)
}

/** The code of an entry of `lib/tracker`, as small as it gets. */
export async function bundle(entry: string, format: Format, plugins: Plugin[] = []): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join('lib/tracker', entry)],
    bundle: true,
    minify: true,
    write: false,
    format,
    plugins,
    target: 'es2020',
    // Without the words that a module has no need of.
    tsconfigRaw: {},
    logLevel: 'silent',
  })
  // Smaller by 3 % than esbuild's own.
  const { code } = await minify(outputFiles?.[0]?.text ?? '', {
    module: format === 'esm',
    toplevel: true,
    ecma: 2020,
    compress: { passes: 3, pure_getters: true, unsafe: true, unsafe_arrows: true, unsafe_methods: true },
  })
  return code ?? ''
}

/** `npm install https://…/holdfast-tracker.tgz` is how an app with a bundler gets the module and its types. */
function pack(folder: string): void {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const place = mkdtempSync(join(tmpdir(), 'holdfast-pack-'))
  try {
    mkdirSync(join(place, PACKAGE))
    for (const file of ['holdfast.mjs', 'holdfast.d.mts'])
      copyFileSync(join(folder, file), join(place, PACKAGE, file))
    const manifest = {
      name: PACKAGE,
      version,
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      exports: { '.': { types: './holdfast.d.mts', default: './holdfast.mjs' } },
    }
    writeFileSync(join(place, PACKAGE, 'package.json'), JSON.stringify(manifest, null, 2))
    const npm = spawnSync('npm', ['pack', `./${PACKAGE}`, '--silent'], { cwd: place, encoding: 'utf8' })
    if (npm.status !== 0) throw new StartError(`npm pack failed:\n${npm.stderr}`)
    copyFileSync(join(place, `${PACKAGE}-${version}.tgz`), join(folder, `${PACKAGE}.tgz`))
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
