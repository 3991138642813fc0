import type { RestorePlan, Target } from '@/lib/recovery/restore/contract'

type Instructions = RestorePlan['instructions']

/** A target as an option of `recover-pitr`. */
export function toOption(target: Target): string {
  switch (target.kind) {
    case 'latest':
      return '--latest'
    case 'time':
      return `--target-time '${target.at}'`
    case 'lsn':
      return `--target-lsn ${target.lsn}`
    case 'xid':
      return `--target-xid ${target.xid}`
    case 'name':
      return `--target-name '${target.name}'`
  }
}

/** What a person does to recover to a target, step by step, with the commands. */
export function instructionsFor(
  provider: 'local' | 'pgbackrest',
  target: Target,
  repository: number,
  timeline?: number,
): Instructions {
  const options = `${toOption(target)}${repository === 1 ? '' : ` --repo ${repository}`}${timeline === undefined ? '' : ` --target-timeline ${timeline}`}`
  const restore: Instructions = [
    {
      step: 'Say what happened and who decides, and keep records coming: those that are recorded meanwhile are in the cluster, and stay there.',
      command: null,
    },
    {
      step: 'See that the target can be reached. Nothing is changed.',
      command: `npm run recover-pitr -- ${options}`,
    },
    {
      step: 'Restore beside the cluster, which goes on. The last lines say up to where, and how many records of each table are there.',
      command: `npm run recover-pitr -- ${options} --execute`,
    },
    {
      step: 'Look at what was restored. Take what is missing from there, or go on to put it in the leader’s place.',
      command: null,
    },
  ]
  return [...restore, ...(provider === 'local' ? localCutOver : patroniCutOver)]
}

const localCutOver: Instructions = [
  {
    step: 'Put it in the leader’s place. What was written since the target is undone; what the leader had is kept beside.',
    command: 'npm run recover-pitr -- --cut-over',
  },
  { step: 'Back up anew: the cluster is on a new timeline. Then drill.', command: null },
]

const patroniCutOver: Instructions = [
  {
    step: 'Keep Patroni from acting, and stop PostgreSQL on every member.',
    command: 'patronictl pause --wait && pg_ctl -D "$PGDATA" -m fast -w stop',
  },
  {
    step: 'On the leader, move its data folder aside, and the restored one in its place, owned by postgres.',
    command: 'mv "$PGDATA" "$PGDATA.before" && mv RESTORED "$PGDATA"',
  },
  {
    step: 'Let it archive again, fetch WAL as it always did, and end recovery at the target.',
    command:
      'sed -i \'/^archive_mode/d; /^restore_command/d; s/^recovery_target_action.*/recovery_target_action = promote/\' "$PGDATA/postgresql.auto.conf"',
  },
  {
    step: 'Start it by itself: Patroni would not stop at the target. Go on when it says f.',
    command: 'pg_ctl -D "$PGDATA" -w -t 3600 start && psql -At -c "select pg_is_in_recovery()"',
  },
  {
    step: 'Take the targets out, let Patroni go on, and have every other member made anew from it.',
    command:
      'psql -c "alter system reset all" -c "select pg_reload_conf()" && patronictl resume --wait && patronictl reinit CLUSTER MEMBER',
  },
  {
    step: 'Back up anew: the cluster is on a new timeline. Then drill.',
    command: 'pgbackrest --stanza=STANZA --type=full backup',
  },
]
