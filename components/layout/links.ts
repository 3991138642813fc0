import {
  type Icon,
  IconActivity,
  IconApi,
  IconArrowsExchange,
  IconBell,
  IconBellRinging,
  IconCodeDots,
  IconDatabaseExport,
  IconFilter2,
  IconHeartbeat,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconLifebuoy,
  IconListDetails,
  IconMoodSmile,
  IconNotebook,
  IconPuzzle,
  IconRepeat,
  IconRoute,
  IconServer2,
  IconSettings,
  IconUserShield,
  IconUsers,
} from '@tabler/icons-react'

interface PageLink {
  href: string
  label: string
  icon: Icon
  /** The others would be told that they may not. */
  adminOnly?: boolean
}

/** The pages that exist, as the navigation shows them. */
export const links: { heading: string; items: PageLink[] }[] = [
  {
    heading: 'Analytics',
    items: [
      { href: '/overview', label: 'Overview', icon: IconLayoutDashboard },
      { href: '/events', label: 'Events', icon: IconActivity },
      { href: '/features', label: 'Features', icon: IconPuzzle },
      { href: '/funnels', label: 'Funnels', icon: IconFilter2 },
      { href: '/journeys', label: 'Journeys', icon: IconRoute },
      { href: '/retention', label: 'Retention', icon: IconRepeat },
      { href: '/satisfaction', label: 'Satisfaction', icon: IconMoodSmile },
      { href: '/users', label: 'Users', icon: IconUsers },
      { href: '/metric-alerts', label: 'Metric alerts', icon: IconBellRinging },
    ],
  },
  {
    heading: 'Recovery',
    items: [
      { href: '/recovery/replication', label: 'Replication', icon: IconServer2 },
      { href: '/recovery/failover', label: 'Failover', icon: IconArrowsExchange },
      { href: '/recovery/backups', label: 'Backups', icon: IconDatabaseExport },
      { href: '/recovery/restore', label: 'Restore', icon: IconHistory },
      { href: '/recovery/health', label: 'Health', icon: IconHeartbeat },
      { href: '/recovery/alerts', label: 'Alerts', icon: IconBell },
      { href: '/recovery/plan', label: 'Plan', icon: IconLifebuoy },
      { href: '/recovery/journal', label: 'Journal', icon: IconNotebook },
    ],
  },
  {
    heading: 'Settings',
    items: [
      { href: '/settings/install', label: 'Install', icon: IconCodeDots },
      { href: '/settings/keys', label: 'Keys', icon: IconKey },
      { href: '/settings/project', label: 'Project', icon: IconSettings },
      { href: '/settings/accounts', label: 'Accounts', icon: IconUserShield, adminOnly: true },
      { href: '/settings/audit', label: 'Audit log', icon: IconListDetails, adminOnly: true },
    ],
  },
  { heading: 'Help', items: [{ href: '/reference', label: 'API reference', icon: IconApi }] },
]
