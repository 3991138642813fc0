import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'

const LISTS = 'page_client-reference-manifest.js'

/** What such a file sets: by the page, the scripts of each layout, of the page, and of what they show while it loads or fails. */
interface Manifests {
  __RSC_MANIFEST: Record<string, { entryJSFiles: Record<string, string[]> }>
}

/** Of every page of a build, by its address: the bytes of JavaScript that a browser loads with it at first, gzipped. */
export function firstLoads(build: string): Map<string, number> {
  const sizes = new Map<string, number>()
  const sizeOf = (script: string) => {
    const size = sizes.get(script) ?? gzipSync(readFileSync(join(build, script))).length
    sizes.set(script, size)
    return size
  }
  const { rootMainFiles } = JSON.parse(readFileSync(join(build, 'build-manifest.json'), 'utf8'))
  const app = join(build, 'server/app')
  const found = {} as Manifests
  for (const path of readdirSync(app, { recursive: true, encoding: 'utf8' }))
    if (path.endsWith(LISTS)) runInNewContext(readFileSync(join(app, path), 'utf8'), found)
  return new Map(
    Object.entries(found.__RSC_MANIFEST)
      .map(([page, { entryJSFiles }]): [string, number] => {
        const scripts = new Set<string>([...rootMainFiles, ...Object.values(entryJSFiles).flat()])
        return [addressOf(page), [...scripts].reduce((sum, script) => sum + sizeOf(script), 0)]
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** `/(dashboard)/events/page` is `/events`. */
const addressOf = (page: string): string => page.replace(/\/\([^)]+\)|\/page$/g, '') || '/'
