import { Definition } from '@/components/ui/definition'
import { formatMoment, formatNumber, NONE } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { StatCard, StatRow } from '@/components/ui/stat-card'
import type { getUser } from '@/lib/analytics/users/contract'
import type { OutputOf } from '@/lib/http/client'
import { definitions } from './definitions'
import { kindWords } from './kinds'
import { kinds } from './search-params'
import classes from './users.module.css'

export type User = OutputOf<typeof getUser>

export const recordsOf = ({ records }: User): number => kinds.reduce((sum, kind) => sum + records[kind], 0)

/** Who this is, and how much is stored of them. */
export function Profile({ user, timezone }: { user: User; timezone: string }) {
  const { anonymousIds, device, browser, os, firstSeenAt, lastSeenAt } = user
  const facts: [string, string, string?][] = [
    [`First seen (${timezone})`, formatMoment(firstSeenAt, timezone), definitions.firstSeen],
    [`Last seen (${timezone})`, formatMoment(lastSeenAt, timezone), definitions.lastSeen],
    ['Records', formatNumber(recordsOf(user)), definitions.records],
    ['Device', device ?? NONE],
    ['Browser', browser ?? NONE],
    ['OS', os ?? NONE],
    ['Anonymous ids', anonymousIds.length > 0 ? anonymousIds.join(', ') : NONE],
  ]
  const activeDays = user.days.filter(({ records }) => records > 0).length
  return (
    <>
      <Panel title="Profile">
        <dl className={classes.profile}>
          {facts.map(([label, value, definition]) => (
            <div key={label}>
              <dt>
                {label} {definition && <Definition of={label}>{definition}</Definition>}
              </dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      <StatRow>
        {kinds.map((kind) => (
          <StatCard
            key={kind}
            label={kindWords[kind].many}
            definition={definitions.kind}
            value={user.records[kind]}
            format={formatNumber}
          />
        ))}
        <StatCard
          label="Sessions"
          definition={definitions.sessions}
          value={user.sessions}
          format={formatNumber}
        />
        <StatCard
          label="Active days"
          definition={definitions.activeDays}
          value={activeDays}
          format={formatNumber}
        />
      </StatRow>
    </>
  )
}
