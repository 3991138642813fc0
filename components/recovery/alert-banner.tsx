'use client'

import { ActionIcon, Anchor } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { IconAlertOctagon, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { query } from '@/lib/http/client'
import { type FiringAlert, listFiringAlerts } from '@/lib/recovery/alerts/contract'
import classes from './alert-banner.module.css'

const EVERY_MS = 5_000

/** A dismissed alert comes back when it changes, or fires anew. */
const keyOf = ({ rule, since }: FiringAlert): string => `${rule} ${since}`

/** The critical alerts that fire, and metric alerts, above every page, each until somebody here dismisses it. */
export function AlertBanner() {
  const { data } = useQuery({ ...query(listFiringAlerts, {}), refetchInterval: EVERY_MS, retry: false })
  const [dismissed, setDismissed] = useLocalStorage<string[]>({
    key: 'holdfast-dismissed-alerts',
    defaultValue: [],
  })
  const alerts = data?.alerts ?? []
  const shown = alerts.filter((alert) => !dismissed.includes(keyOf(alert)))
  // What does not fire any more needs no remembering.
  const dismiss = (alert: FiringAlert) =>
    setDismissed([...dismissed.filter((key) => alerts.some((one) => keyOf(one) === key)), keyOf(alert)])
  return shown.map((alert) => (
    <div key={alert.rule} role="alert" className={classes.banner} data-level={alert.level}>
      <IconAlertOctagon size={19} aria-hidden="true" className={classes.icon} />
      <p className={classes.text}>
        <strong>{alert.title}:</strong> {alert.detail}.{' '}
        <Anchor component={Link} href={alert.page} inherit className={classes.link}>
          See the alert
        </Anchor>
      </p>
      <ActionIcon
        variant="transparent"
        c="inherit"
        size="md"
        aria-label={`Dismiss: ${alert.title}`}
        onClick={() => dismiss(alert)}
      >
        <IconX size={17} />
      </ActionIcon>
    </div>
  ))
}
