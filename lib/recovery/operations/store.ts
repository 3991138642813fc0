import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '@/lib/durable'
import { recoveryFolder } from '@/lib/recovery/folder'
import type { Operation } from '@/lib/recovery/operations/contract'

/** An operation, and what another process needs to see it through. */
export interface KeptOperation extends Operation {
  /** Set before the engine is asked: from then on it may act, whatever becomes of us. */
  ordered: boolean
  /** The checks that failed and were overridden. */
  overridden: string[]
  timeline: number
  /** How far the old leader was when the order was given, in bytes since 0/0; null if unknown. */
  leaderAt: number | null
  /** Whether commits waited for the one to be promoted. */
  synchronous: boolean
}

const folder = () => recoveryFolder('operations')
const pathOf = (id: string) => join(folder(), `${id}.json`)

export const operationLock = (): string => join(recoveryFolder(), 'operation.lock')

export async function keepOperation(operation: KeptOperation): Promise<void> {
  await writeDurably(pathOf(operation.id), JSON.stringify(operation))
}

/** An operation by its id; undefined if there is none. */
export function loadOperation(id: string): KeptOperation | undefined {
  try {
    // One that was kept before it was asked for has overridden nothing.
    return { overridden: [], ...JSON.parse(readFileSync(pathOf(id), 'utf8')) } as KeptOperation
  } catch {
    return undefined
  }
}

/** All operations, newest first. */
export function loadOperations(): KeptOperation[] {
  return readdirSync(folder())
    .filter((name) => name.endsWith('.json'))
    .map((name) => loadOperation(name.slice(0, -5)))
    .filter((operation) => operation !== undefined)
    .sort((a, b) => b.startedAt.localeCompare(a.startedAt))
}
