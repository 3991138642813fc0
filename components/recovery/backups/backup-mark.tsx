import clsx from 'clsx'
import type { BackupKind } from '@/lib/recovery/backups/contract'
import classes from './timeline.module.css'
import { kindWords, type Worth, worthWords } from './words'

const shapes: Record<BackupKind, string> = {
  full: 'M-7 0A7 7 0 1 1 7 0A7 7 0 1 1 -7 0Z',
  differential: 'M0 -7.5L7.5 0L0 7.5L-7.5 0Z',
  incremental: 'M0 -7L7 5.5H-7Z',
}

interface MarkProps {
  kind: BackupKind
  worth: Worth
}

/** A backup at 0, 0: its shape is its kind, its fill what it is worth. */
export const MarkShape = ({ kind, worth }: MarkProps) => (
  <>
    <path d={shapes[kind]} className={clsx(classes.mark, classes[worth])} />
    {worth === 'proven' && <path d="M-3 .4L-.8 2.6L3 -1.8" className={classes.tick} />}
    {(worth === 'damaged' || worth === 'failed') && (
      <path d="M-2.6 -2.2L2.6 3M2.6 -2.2L-2.6 3" className={classes.tick} />
    )}
  </>
)

/** The mark on its own, as a picture with its words. */
export const BackupMark = ({ kind, worth }: MarkProps) => (
  <svg
    width="18"
    height="18"
    viewBox="-9 -9 18 18"
    className={classes.alone}
    role="img"
    aria-label={`${kindWords[kind]}, ${worthWords[worth].toLowerCase()}`}
  >
    <MarkShape kind={kind} worth={worth} />
  </svg>
)
