'use client'

import { AppShell, Burger } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import clsx from 'clsx'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { AlertBanner } from '@/components/recovery/alert-banner'
import { type AccountInfo, AccountMenu } from './account-menu'
import { ColorSchemeSwitch } from './color-scheme-switch'
import { Mark } from './mark'
import { Navigation } from './navigation'
import { ProjectSelect } from './project-select'
import classes from './shell.module.css'

/** What stands around every page of someone signed in. */
export function Shell({ account, children }: { account: AccountInfo; children: ReactNode }) {
  const [opened, { toggle, close }] = useDisclosure()
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
      transitionDuration={0}
    >
      <a href="#main" className="skip">
        Skip to the content
      </a>
      <AppShell.Header className={classes.header}>
        <Burger
          opened={opened}
          onClick={toggle}
          hiddenFrom="sm"
          size="sm"
          aria-label={opened ? 'Close the navigation' : 'Open the navigation'}
          aria-expanded={opened}
        />
        <Link href="/overview" className={classes.brand} aria-label="Holdfast: overview">
          <Mark />
          <span className={classes.brandText}>Holdfast</span>
        </Link>
        <div className={classes.project}>
          <ProjectSelect />
        </div>
        <ColorSchemeSwitch />
        <AccountMenu account={account} />
      </AppShell.Header>
      <AppShell.Navbar className={clsx(classes.navbar, !opened && classes.closed)} component="div">
        <Navigation isAdmin={account.role === 'admin'} onFollow={close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <div className={classes.page}>
          <AlertBanner />
          {children}
        </div>
      </AppShell.Main>
    </AppShell>
  )
}
