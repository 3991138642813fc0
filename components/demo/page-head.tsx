import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './demo.module.css'

/** A page's title, and a line below it. */
export function PageHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={classes.head}>
      <Title order={1}>{title}</Title>
      {children && <p className={classes.lead}>{children}</p>}
    </div>
  )
}
