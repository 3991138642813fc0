/** What each number of backups means. */
export const definitions = {
  age: 'Time since the end of the newest backup that is whole. It is not what would be lost: the archive goes on from it.',
  proven:
    'Age of the newest backup that a drill has restored: started, its indexes checked, its rows counted and compared with what was recorded when it was made. Until then nobody knows whether a backup can be restored.',
  window:
    'From the end of the oldest whole backup to the newest WAL that can be reached without a gap. Every moment in it can be restored. It is that of the repository that reaches farthest.',
  rpo: 'What would be lost if every member were lost now, in seconds: the time since all WAL was in a repository.',
  drill:
    'How long the last drill took from its start until the restored server answered: the RTO that was measured, not hoped for.',
  health:
    'Each check is measured against a limit. The same as JSON at /api/disaster-recovery/health/backups; each can fire an alert.',
  timeline:
    'Each repository is a lane. The bar is the window in which every moment can be restored, the thin line the archive; a red break in it is WAL that is missing, placed by its LSN. Times between backups are reckoned from LSNs, so a break is drawn about where it is.',
  backups:
    'A backup is whole when all of its files are there, verified when all of its content was read and compared with its checksums, proven when a drill has restored it.',
  repositories:
    'A repository is a place that backups and WAL are kept in. The second is a copy of the first somewhere else, compared by checksum; while it is away nothing waits for it, and it is caught up after.',
  archivers:
    'The leader archives each WAL file when it is full, or once a minute. Counts are each member’s own, since its statistics were last reset. A new leader must archive, too.',
  points:
    'A restore point is a name for an LSN. One is made before every migration by itself; name one before you do something that you may want undone.',
  schedule:
    'Five cron words in UTC: minute, hour, day of the month, month, day of the week. An empty field means never. What is needed for the kept full backups or for the days of the window is never removed.',
}
