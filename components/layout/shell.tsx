'use client'

import { Burger } from '@mantine/core'
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
    <>
      <a href="#main" className="skip">
        Skip to the content
      </a>
      <header className={classes.header} data-no-print>
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
      </header>
      <div className={clsx(classes.navbar, !opened && classes.closed)} data-no-print>
        <Navigation isAdmin={account.role === 'admin'} onFollow={close} />
      </div>
      <main id="main" tabIndex={-1} className={classes.main}>
        <div className={classes.page}>
          <AlertBanner />
          {children}
        </div>
      </main>
    </>
  )
}
