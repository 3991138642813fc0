import { Badge, Title } from '@mantine/core'
import { IconArrowNarrowRight, IconCrown, IconDatabase, IconPlugConnectedX } from '@tabler/icons-react'
import clsx from 'clsx'
import { formatBytes, formatDuration, NONE } from '@/components/ui/format'
import type { Member } from '@/lib/recovery/replication/contract'
import classes from './replication.module.css'

const icons = { leader: IconCrown, standby: IconDatabase, unknown: IconPlugConnectedX }

/** One member: what it does, how far it is, and what is wrong with it. */
export function MemberCard({ member, leader }: { member: Member; leader: string | null }) {
  const Icon = icons[member.role]
  const leads = member.role === 'leader'
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
      </dl>
      {member.reasons.length > 0 && (
        <ul className={classes.reasons}>
          {member.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </li>
  )
}

function streamOf(member: Member, leader: string | null) {
  if (member.role === 'leader') return 'Takes all writes'
  if (member.role === 'unknown') return 'Not reached'
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
