import { timeZoneOf } from '@/db/time-zone'
import type { Project } from '@/lib/access/caller'

/** When the clocks of the projects' timezones are changed, for the browser, whose own data may be of another age. */
export function timeZonesOf(projects: Pick<Project, 'timezone'>[]) {
  const names = new Set(projects.map(({ timezone }) => timezone))
  return Object.fromEntries(
    [...names].map((name) => {
      const { changes, offsets } = timeZoneOf(name)
      return [name, { changes, offsets }]
    }),
  )
}
