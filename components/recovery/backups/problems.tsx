import { IconCircleX } from '@tabler/icons-react'
import type { BackupProblem } from '@/lib/recovery/backups/contract'
import classes from './backups.module.css'

/** What is wrong, each with what to do about it. */
export function Problems({ problems }: { problems: BackupProblem[] }) {
  if (problems.length === 0) return null
  return (
    <ul className={classes.problems} aria-label="Problems">
      {problems.map(({ what, action }) => (
        <li key={what}>
          <IconCircleX size={16} aria-hidden="true" />
          <div>
            <strong>{what}</strong> {action}
          </div>
        </li>
      ))}
    </ul>
  )
}
