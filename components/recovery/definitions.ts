/** What each number of the cluster means. */
export const definitions = {
  rpo: 'What would be lost if the leader were lost now, in seconds: 0 while a healthy synchronous standby confirms every commit, otherwise the smallest delay of a standby as the leader measures it. Unknown without a standby.',
  lag: 'How far the standby’s replay is behind the leader’s written position: in bytes of WAL, and in milliseconds as the leader measured them. There are no milliseconds while nothing is written.',
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
