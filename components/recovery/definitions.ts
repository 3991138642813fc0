/** What each number of the cluster means. */
export const definitions = {
  rpo: 'What would be lost if the leader were lost now, in seconds: 0 while a healthy synchronous standby confirms every commit, otherwise the smallest delay of a standby as the leader measures it. Unknown without a standby.',
  lag: 'How far the standby’s replay is behind the leader’s written position: in bytes of WAL, and in milliseconds as the leader measured them. There are no milliseconds while nothing is written.',
  samples:
    'The worker looks at the cluster every 2 s, database or no database, and keeps what it saw for 7 days. A point is the highest lag of its step, so that no peak is lost; a gap is a time in which nothing was seen. The band tells what the member was: leader, standby, or not healthy. Time is that of replay, as the leader measured it; a standby that has all that is written is not behind.',
  alerts:
    'The worker looks every 2 s. An alert fires when what is observed was beyond a threshold for its whole time, and resolves when it was not for its whole other time, so that nothing flaps. What cannot be observed keeps its state.',
  health:
    'What the members, the leader’s statistics, rollups, backups, the spool and the disk say, measured against fixed limits; asked every 5 s while this page is open. The same as JSON, in the words of the IETF’s health-check draft, at /api/disaster-recovery/health/detailed.',
  backupRpo:
    'What would be lost if every member were lost now, in seconds: since all that was written was in a repository. Unknown while nothing can be recovered.',
  drillRto:
    'How long the last drill took from its start until the restored server answered, with everything that was recorded.',
  moveRto:
    'Of the last switchover or failover that was measured: from the order until the new leader took a write.',
  lastBackup: 'The age of the newest backup that is whole.',
  lastDrill: 'A drill restores a backup, starts it, and compares every record. Only that proves a backup.',
  window:
    'Every moment in it can be recovered to: from the end of the oldest backup that is whole to the newest WAL that was archived without a gap.',
  slots:
    'A replication slot keeps the WAL that its standby still needs. One that is not active keeps it until the disk is full.',
  timelines:
    'Each promotion begins a new timeline. The LSN is where it branched off; a standby on an older timeline must follow it.',
}

export const statusWords = {
  pass: 'Healthy',
  warn: 'Needs attention',
  fail: 'No leader answers',
}

/** Seconds as text; null is not known. */
export function formatRpo(seconds: number | null): string {
  if (seconds === null) return 'unknown'
  return seconds > 0 && seconds < 0.1 ? '<0.1 s' : `${Number(seconds.toFixed(1))} s`
}
