import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { atHost, type Connection, connect } from '@/db/connect'
import { type BackupSource, checkpoint, readBackupSource } from '@/db/queries/recovery/base-backup'
import { env, type MemberAddress } from '@/lib/env'
import { type MemberView, readTopology } from '@/lib/recovery/topology/service'

/** A machine that is busy, or a leader that moves, leaves a question unanswered: it is asked again. */
const TRIES = 5
const PAUSE_MS = 3_000

/** Whom a backup is copied from. */
export interface Source extends BackupSource {
  member: string
  connection: Connection
}

/**
 * The member to copy: a standby that streams, so that the leader is left alone, or else the leader. Its connection is one
 * session, for nothing else; the caller closes it.
 *
 * @throws Error when no member can be copied, with the reason
 */
export async function openSource(abort: AbortSignal): Promise<Source> {
  const { leader, standby, from } = await findMembers(abort)
  if (leader && standby) await checkpointOf(leader.address)
  const connection = open(from.address)
  try {
    const source = await readBackupSource(connection.db)
    if (!existsSync(join(source.folder, 'PG_VERSION')))
      throw new Error(
        `The data folder ${source.folder} of ${from.address.name} is not on this machine: back it up with pgBackRest.`,
      )
    return { ...source, member: from.address.name, connection }
  } catch (error) {
    await connection.close()
    throw error
  }
}

async function findMembers(
  abort: AbortSignal,
): Promise<{ leader?: MemberView; standby?: MemberView; from: MemberView }> {
  for (let tried = 1; ; tried++) {
    const { members, writable } = await readTopology()
    const [leader] = writable
    const standby = members.find(({ facts }) => facts?.standby && facts.streaming && !facts.replayPaused)
    const from = standby ?? leader
    if (from) return { leader, standby, from }
    if (tried === TRIES) throw new Error('No member’s PostgreSQL answers: there is nothing to copy.')
    await sleep(PAUSE_MS, undefined, { signal: abort })
  }
}

async function checkpointOf(address: MemberAddress): Promise<void> {
  const { db, close } = open(address)
  await checkpoint(db).finally(close)
}

const open = ({ host, port }: MemberAddress): Connection =>
  connect(atHost(env().DATABASE_URL, `${host}:${port}`), { name: 'holdfast backup', max: 1, lasting: true })
