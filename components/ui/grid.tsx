import clsx from 'clsx'
import type { ReactNode } from 'react'
import classes from './grid.module.css'

/** Panels below each other; paler while they show what was asked before. */
export const Rows = ({ busy, children }: { busy?: boolean; children: ReactNode }) => (
  <div className={clsx(classes.stack, busy && classes.busy)} aria-busy={busy}>
    {children}
  </div>
)

/** Panels side by side where there is room. */
export const Columns = ({ of, children }: { of: 'two' | 'three'; children: ReactNode }) => (
  <div className={classes[of]}>{children}</div>
)
