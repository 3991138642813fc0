import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { addressOf, startCluster, superuserAddressOf } from '@/scripts/cluster'

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of a real cluster's `postgres` database, for a superuser. */
    address: string
    /** The address that an application is given by it. */
    applicationAddress: string
  }
}

/** One real leader and standby for all tests of a run; each test file makes its own database in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-test-'))
  const cluster = await startCluster({ dataDir })
  project.provide('address', superuserAddressOf(cluster, 'postgres'))
  project.provide('applicationAddress', addressOf(cluster))
  return async () => {
    await cluster.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
