import { Badge, Title } from '@mantine/core'
import { IconArrowNarrowRight, IconCrown, IconDatabase, IconPlugConnectedX } from '@tabler/icons-react'
import clsx from 'clsx'
import type { ReactNode } from 'react'
import { formatBytes, formatDuration, formatNumber, NONE } from '@/components/ui/format'
import type { Member } from '@/lib/recovery/replication/contract'
import classes from './replication.module.css'

const icons = { leader: IconCrown, standby: IconDatabase, unknown: IconPlugConnectedX }

interface MemberCardProps {
  member: Member
  leader: string | null
  /** What may be ordered of it. */
  children?: ReactNode
}

/** One member: what it does, how far it is, and what is wrong with it. */
export function MemberCard({ member, leader, children }: MemberCardProps) {
  const Icon = icons[member.role]
  const leads = member.role === 'leader'
  const tags = Object.entries(member.tags).map(([name, value]) => `${name}: ${value}`)
  return (
    <li className={clsx(classes.member, leads && classes.leader, !member.healthy && classes.unhealthy)}>
      <div className={classes.name}>
        <Icon size={20} stroke={1.6} aria-hidden="true" />
        <Title order={3}>{member.name}</Title>
        <Badge variant={leads ? 'filled' : 'outline'} color={leads ? 'tide' : 'gray'} tt="none">
          {member.role}
        </Badge>
        <Badge variant="outline" color="gray" tt="none">
          {member.state}
        </Badge>
        {member.fenced && (
          <Badge variant="outline" color="red" tt="none">
            fenced
          </Badge>
        )}
        {member.pendingRestart && (
          <Badge variant="outline" color="yellow" tt="none">
            restart pending
          </Badge>
        )}
        {member.synchronous && (
          <Badge variant="outline" color="tide" tt="none">
            synchronous
          </Badge>
        )}
      </div>
      <p className={classes.stream}>{streamOf(member, leader)}</p>
      <dl className={classes.facts}>
        <Fact label="Address" value={member.port ? `${member.host}:${member.port}` : null} />
        <Fact label="Timeline" value={member.timeline === null ? null : String(member.timeline)} />
        <Fact label={leads ? 'Written LSN' : 'Received LSN'} value={member.receivedLsn} />
        <Fact label="Replayed LSN" value={member.replayedLsn} />
        <Fact label="Lag" value={leads ? null : formatBytes(member.lagBytes)} />
        <Fact label="Write / flush / replay lag" value={leads ? null : lagTimes(member)} />
        {!leads && <Fact label="Queries that replay cancelled" value={formatNumber(member.conflicts)} />}
        {tags.length > 0 && <Fact label="Tags" value={tags.join(', ')} />}
      </dl>
      {member.reasons.length > 0 && (
        <ul className={classes.reasons}>
          {member.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {children}
    </li>
  )
}

function streamOf(member: Member, leader: string | null) {
  if (member.role === 'leader') return 'Takes all writes'
  if (member.takesWrites) return 'Takes writes, though it does not lead'
  if (member.role === 'unknown') return member.state === 'unreachable' ? 'Not reached' : 'Led, and is down'
  if (member.state !== 'streaming') return 'Does not stream'
  return (
    <>
      {leader ?? 'leader'} <IconArrowNarrowRight size={18} aria-label="to" /> {member.name},{' '}
      {member.synchronous ? 'each commit waits for it' : 'commits do not wait for it'}
    </>
  )
}

function lagTimes({ lagMs: { write, flush, replay } }: Member): string {
  if (write === null && flush === null && replay === null) return NONE
  return [write, flush, replay].map(formatDuration).join(' / ')
}

function Fact({ label, value }: { label: string; value: string | null }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value ?? NONE}</dd>
    </div>
  )
}
