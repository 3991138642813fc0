import { VisuallyHidden } from '@mantine/core'
import type { Backup, BackupKind } from '@/lib/recovery/backups/contract'
import { BackupMark } from './backup-mark'
import classes from './timeline.module.css'
import { worths as all, kindWords, worthHelp, worthOf, worthWords } from './words'

/** What the marks of the time line mean: those that are there. */
export function Legend({ backups, gaps }: { backups: Backup[]; gaps: boolean }) {
  const kinds = (['full', 'differential', 'incremental'] satisfies BackupKind[]).filter((kind) =>
    backups.some((one) => one.kind === kind),
  )
  const worths = all.filter((worth) => backups.some((one) => worthOf(one) === worth))
  return (
    <ul className={classes.legend}>
      <VisuallyHidden component="li">What the marks mean:</VisuallyHidden>
      {kinds.map((kind) => (
        <li key={kind}>
          <BackupMark kind={kind} worth="verified" /> {kindWords[kind]}
        </li>
      ))}
      {worths.map((worth) => (
        <li key={worth}>
          <BackupMark kind="full" worth={worth} /> {worthWords[worth]}: {worthHelp[worth]}
        </li>
      ))}
      <li>
        <svg className={classes.swatch} aria-hidden="true">
          <rect className={classes.window} x="1" y="2" width="20" height="10" rx="3" />
        </svg>
        Every moment can be restored
      </li>
      {gaps && (
        <li>
          <svg className={classes.swatch} aria-hidden="true">
            <rect className={classes.gap} x="8" width="7" height="14" />
          </svg>
          WAL is missing
        </li>
      )}
    </ul>
  )
}
