import {
  IconActivity,
  IconApi,
  IconKey,
  IconLayoutDashboard,
  IconServer2,
  IconSettings,
} from '@tabler/icons-react'

/** The pages that exist, as the navigation shows them. */
export const links = [
  {
    heading: 'Analytics',
    items: [
      { href: '/overview', label: 'Overview', icon: IconLayoutDashboard },
      { href: '/events', label: 'Events', icon: IconActivity },
    ],
  },
  {
    heading: 'Recovery',
    items: [{ href: '/recovery/replication', label: 'Replication', icon: IconServer2 }],
  },
  {
    heading: 'Settings',
    items: [
      { href: '/settings/keys', label: 'Keys', icon: IconKey },
      { href: '/settings/project', label: 'Project', icon: IconSettings },
    ],
  },
  { heading: 'Help', items: [{ href: '/reference', label: 'API reference', icon: IconApi }] },
]
