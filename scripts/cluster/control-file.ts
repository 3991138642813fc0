// What a stopped server says of its end: PostgreSQL's own tool for it is not among the bundled binaries.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** DB_SHUTDOWNED of DBState in PostgreSQL's pg_control.h. */
const shutDown = 1

/**
 * The position of the checkpoint with which a server was shut down cleanly, in bytes since 0/0; null if it was not. The
 * layout is that of ControlFileData, the same in PostgreSQL 12 to 18: the state at byte 16, the checkpoint at byte 32.
 */
export function readShutdownCheckpoint(folder: string): number | null {
  const control = readFileSync(join(folder, 'global', 'pg_control'))
  return control.readUInt32LE(16) === shutDown ? Number(control.readBigUInt64LE(32)) : null
}

/** Which cluster a data folder is of: the first field of its control file. */
export const readSystemIdentifier = (folder: string): string =>
  readFileSync(join(folder, 'global', 'pg_control'))
    .readBigUInt64LE(0)
    .toString()
