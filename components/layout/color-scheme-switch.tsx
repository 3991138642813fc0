'use client'

import { ActionIcon, useMantineColorScheme } from '@mantine/core'
import { IconMoon, IconSun } from '@tabler/icons-react'
import classes from './shell.module.css'

/** Changes between dark and light. Both icons are there and CSS shows one, since the server knows no scheme. */
export function ColorSchemeSwitch() {
  const { toggleColorScheme } = useMantineColorScheme({ keepTransitions: false })
  return (
    <ActionIcon size="lg" aria-label="Change between dark and light" onClick={() => toggleColorScheme()}>
      <IconSun size={18} className={classes.inDark} />
      <IconMoon size={18} className={classes.inLight} />
    </ActionIcon>
  )
}
