import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** ClickHouse's engine in this process: only the benchmark needs it, so only the benchmark installs it. */
const CHDB = 'chdb@3.4.0'

interface Session {
  query(sql: string, format: string): string
  close(): void
}

export interface ClickHouse {
  run(sql: string): void
  rows(sql: string): Record<string, unknown>[]
  close(): void
}

/** Installs ClickHouse's engine into a folder, unless it is there, and opens a database in another. */
export function openClickHouse(installed: string, data: string): ClickHouse {
  execFileSync('npm', ['install', '--prefix', installed, '--no-audit', '--no-fund', CHDB], {
    stdio: 'ignore',
  })
  const { Session } = createRequire(join(installed, 'node_modules/'))('chdb') as {
    Session: new (path: string) => Session
  }
  const session = new Session(data)
  return {
    run: (sql) => void session.query(sql, 'CSV'),
    rows: (sql) =>
      session
        .query(sql, 'JSONEachRow')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    close: () => session.close(),
  }
}
