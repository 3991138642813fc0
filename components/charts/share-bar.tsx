import { formatShare } from '@/components/ui/format'
import classes from './share-bar.module.css'

/** A share with a bar beside it, for a cell of a table. */
export const ShareBar = ({ share }: { share: number | null }) => (
  <span className={classes.cell}>
    <span className={classes.track} aria-hidden="true">
      <span className={classes.fill} style={{ width: `${Math.min(1, share ?? 0) * 100}%` }} />
    </span>
    <span className={classes.text}>{formatShare(share)}</span>
  </span>
)
