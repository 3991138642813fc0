import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from '@/scripts/test/start-product'

const NEXT = 'node_modules/next/dist/bin/next'
const FOLDER = 'scripts/bench/parse-only'

/** A Next.js application with a single route, which parses JSON and answers: what no recording by Next.js can be quicker than. */
export async function startParseOnly(): Promise<{ url: string; stop(): Promise<void> }> {
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } as const
  const run = (...args: string[]) =>
    spawn(process.execPath, [NEXT, ...args, FOLDER], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  // Turbopack would take what the product has at the top of the repository, too.
  const build = run('build', '--webpack')
  build.stdout.resume()
  const [code] = await once(build, 'exit')
  if (code !== 0) throw new Error(`The parse-only application could not be built: ${code}`)
  const port = await freePort()
  const server = run('start', '--hostname', '127.0.0.1', '--port', String(port))
  const gone = once(server, 'exit')
  const ready = new Promise<void>((resolve) =>
    server.stdout.on('data', (line) => String(line).includes('Ready') && resolve()),
  )
  await Promise.race([
    ready,
    gone.then(() => Promise.reject(new Error('The parse-only application did not start.'))),
  ])
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.kill()
      await gone
    },
  }
}
