import clsx from 'clsx'
import { formatBytes } from '@/components/ui/format'
import type { Member } from '@/lib/recovery/replication/contract'
import classes from './topology-figure.module.css'

/** Who streams from whom: a solid line where commits wait, a dashed one where they do not, a dotted one where nothing flows. */
export function TopologyFigure({ members }: { members: Member[] }) {
  const leads = ({ role, takesWrites }: Member) => role === 'leader' || takesWrites
  const leaders = members.filter(leads)
  const others = members.filter((member) => !leads(member))
  return (
    <figure className={classes.figure} aria-label="Who streams from whom">
      <ul className={classes.leaders}>
        {leaders.map((member) => (
          <li key={member.name}>
            <Node member={member} />
          </li>
        ))}
        {leaders.length === 0 && (
          <li className={clsx(classes.node, classes.bad)}>
            No leader<small>nobody takes writes</small>
          </li>
        )}
      </ul>
      <ul className={classes.standbys}>
        {others.map((member) => (
          <li key={member.name}>
            <span className={clsx(classes.link, classes[linkOf(member)])}>{wordsOf(member)}</span>
            <Node member={member} />
          </li>
        ))}
      </ul>
    </figure>
  )
}

const Node = ({ member }: { member: Member }) => (
  <div
    className={clsx(classes.node, member.role === 'leader' && classes.leads, !member.healthy && classes.bad)}
  >
    {member.name}
    <small>
      {member.role === 'unknown' ? member.state : member.role}
      {member.timeline !== null && `, timeline ${member.timeline}`}
    </small>
  </div>
)

const linkOf = (member: Member): 'synchronous' | 'streaming' | 'broken' =>
  member.state === 'streaming' ? (member.synchronous ? 'synchronous' : 'streaming') : 'broken'

function wordsOf(member: Member): string {
  if (member.state !== 'streaming') return 'does not stream'
  return `${member.synchronous ? 'commits wait' : 'commits do not wait'}, ${
    member.lagBytes === null ? 'lag unknown' : `${formatBytes(member.lagBytes)} behind`
  }`
}
