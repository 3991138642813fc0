// The configuration of a member: written anew at every start, so that what is here is what runs.
import { existsSync } from 'node:fs'
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '@/lib/durable'
import type { Home, MemberName } from './home'

export const REPLICATOR = 'replicator'

export interface MemberSettings {
  name: MemberName
  port: number
  /** Where to stream from while a standby. */
  upstreamPort: number
  replicationPassword: string
  leads: boolean
  /** `lz4`, where the build has it, or `off`. */
  walCompression: string
}

/** Writes `holdfast.conf` into a data folder (postgresql.conf includes it). */
export async function writeSettings(home: Home, folder: string, member: MemberSettings): Promise<void> {
  const upstream = [
    `host=127.0.0.1 port=${member.upstreamPort} user=${REPLICATOR}`,
    `password=${member.replicationPassword} application_name=${member.name}`,
    'sslmode=disable connect_timeout=5',
  ].join(' ')
  const settings: Record<string, string | number> = {
    cluster_name: member.name,
    listen_addresses: '127.0.0.1',
    port: member.port,
    unix_socket_directories: '',
    max_connections: 100,
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
    track_io_timing: 'on',
    shared_buffers: '256MB',
    // WAL: enough for a standby, an archive, and rewinding.
    wal_level: 'replica',
    wal_log_hints: 'on',
    wal_compression: member.walCompression,
    max_wal_size: '2GB',
    min_wal_size: '256MB',
    checkpoint_timeout: '15min',
    checkpoint_completion_target: 0.9,
    archive_mode: 'on',
    archive_command: `sh ${shellWord(percent(home.archiveCommand))} %p %f ${member.name}`,
    // What a lost machine may cost, where the archive is copied elsewhere. A segment that is mostly empty packs to some kB.
    archive_timeout: '1min',
    // Replication. A frozen standby must be noticed soon, because commits wait for it meanwhile.
    max_wal_senders: 10,
    max_replication_slots: 10,
    max_slot_wal_keep_size: '4GB',
    wal_sender_timeout: '10s',
    wal_receiver_timeout: '10s',
    wal_receiver_status_interval: '1s',
    wal_retrieve_retry_interval: '500ms',
    hot_standby: 'on',
    hot_standby_feedback: 'on',
    primary_conninfo: upstream,
    primary_slot_name: member.name,
    restore_command: `sh ${shellWord(percent(home.restoreCommand))} %f %p`,
    // Tables that only grow: vacuum by inserts, early, so that index-only scans and freezing keep up.
    autovacuum_naptime: '20s',
    autovacuum_vacuum_insert_scale_factor: 0.05,
    autovacuum_analyze_scale_factor: 0.05,
    autovacuum_vacuum_cost_limit: 1000,
    // One file a weekday, overwritten a week later.
    logging_collector: 'on',
    log_directory: home.log,
    log_filename: `${member.name}-%a.log`,
    log_truncate_on_rotation: 'on',
    log_rotation_age: '1d',
    log_rotation_size: 0,
    log_line_prefix: '%m [%p] ',
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${setting(value)}`)
  await writeDurably(
    join(folder, 'holdfast.conf'),
    `# Written at every start; changes here are lost.\n${lines.join('\n')}\n`,
  )
  if (!member.leads) await forgetSynchronous(folder)
}

// A copy of the leader has the leader's synchronous_standby_names: its own name. Promoted like that, it would
// wait for itself.
async function forgetSynchronous(folder: string): Promise<void> {
  const path = join(folder, 'postgresql.auto.conf')
  if (!existsSync(path)) return
  const text = await readFile(path, 'utf8')
  const kept = text.split('\n').filter((line) => !line.startsWith('synchronous_standby_names'))
  if (kept.join('\n') !== text) await writeDurably(path, kept.join('\n'))
}

/** Writes the two scripts that PostgreSQL calls to archive and to restore a WAL file. */
export async function writeArchiveScripts(home: Home): Promise<void> {
  const archive = shellWord(home.archive)
  const state = shellWord(home.state)
  // `sync FILE` is an fsync; where sync takes no file (macOS), it syncs everything, which is slower but as
  // good. Packing gives way to the servers.
  await writeDurably(
    home.archiveCommand,
    `#!/bin/sh
# archive-wal PATH NAME MEMBER: done when NAME is in the archive and on disk; never replaces a different file.
# One that was promoted past the engine would leave a timeline there that no standby of the leader can follow.
set -eu
if [ -r ${state} ] && ! grep -q '"leader": "'"$3" ${state}; then
  echo "$3 does not lead: nothing of it is archived" >&2
  exit 1
fi
kept=${archive}/"$2.gz"
if [ -e "$kept" ]; then
  gzip -dc "$kept" | cmp -s - "$1" || { echo "$2 is in the archive with other content" >&2; exit 1; }
  exit 0
fi
temporary=${archive}/."$2.$3"
nice -n 19 gzip -1 -c "$1" > "$temporary"
sync "$temporary" 2>/dev/null || sync
mv "$temporary" "$kept"
sync ${archive} 2>/dev/null || sync
`,
    0o755,
  )
  await writeDurably(
    home.restoreCommand,
    `#!/bin/sh
# restore-wal NAME PATH: fails quietly when the archive does not have it, which is how PostgreSQL asks; what is there and
# cannot be unpacked ends recovery instead, which would go on without it.
[ -e ${archive}/"$1.gz" ] || exit 1
gzip -dc ${archive}/"$1.gz" > "$2" || exit 255
`,
    0o755,
  )
  await chmod(home.archiveCommand, 0o755)
}

function setting(value: string | number): string {
  return typeof value === 'number' ? String(value) : `'${value.replace(/\\/g, '\\\\').replace(/'/g, "''")}'`
}

function shellWord(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`
}

function percent(text: string): string {
  return text.replace(/%/g, '%%')
}
