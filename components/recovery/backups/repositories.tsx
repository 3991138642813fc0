'use client'

import { Title } from '@mantine/core'
import clsx from 'clsx'
import type { ReactNode } from 'react'
import { formatRpo } from '@/components/recovery/definitions'
import { Definition } from '@/components/ui/definition'
import { CodeLines } from '@/components/ui/empty-state'
import { formatBytes, formatMoment, formatNumber } from '@/components/ui/format'
import { StatusBadge } from '@/components/ui/status-badge'
import type { ArchiveGap, Repository } from '@/lib/recovery/backups/contract'
import classes from './backups.module.css'
import { definitions } from './definitions'
import { Problems } from './problems'
import { formatAge, secondsBetween } from './words'

interface RepositoriesProps {
  repositories: Repository[]
  provider: 'local' | 'pgbackrest'
}

/** The places that backups are kept in: what is in each, how far behind it is, and what is missing. */
export function Repositories({ repositories, provider }: RepositoriesProps) {
  return (
    <section aria-labelledby="repositories">
      <div className={classes.sectionHead}>
        <Title order={2} id="repositories">
          Repositories
        </Title>
        <Definition of="repositories">{definitions.repositories}</Definition>
      </div>
      <ul className={classes.repositories}>
        {repositories.map((repository) => (
          <RepositoryCard key={repository.number} repository={repository} />
        ))}
        {repositories.length < 2 && (
          <li className={clsx(classes.repository, classes.missing)}>
            <Title order={3}>No second repository</Title>
            <div className={classes.location}>
              All backups are in one place: when it is lost, so are they. Name a folder on another disk, best
              another machine’s, or a bucket of S3, and start again: every backup and every WAL file is then
              copied there, and compared by checksum.
            </div>
            <CodeLines
              code={
                provider === 'local'
                  ? 'BACKUP_SECONDARY_STORAGE=/mnt/another-disk/holdfast npm start'
                  : 'repo2-path=/mnt/another-disk/pgbackrest'
              }
            />
          </li>
        )}
      </ul>
    </section>
  )
}

function RepositoryCard({ repository }: { repository: Repository }) {
  const { number, location, reachable, backups, segments, storedBytes, window, gaps, rpoSeconds, behind } =
    repository
  const problems = [...repository.problems, ...gaps.map(problemOf)]
  return (
    <li className={clsx(classes.repository, !reachable && classes.away)}>
      <div className={classes.repositoryHead}>
        <Title order={3}>Repository {number}</Title>
        <span className={classes.location}>{location}</span>
        <StatusBadge {...stateOf(repository)} />
      </div>
      <Problems problems={problems} />
      <dl className={classes.facts}>
        <Fact label="Backups">{formatNumber(backups)}</Fact>
        <Fact label="WAL files">{formatNumber(segments)}</Fact>
        <Fact label="Takes">{formatBytes(storedBytes)}</Fact>
        <Fact label="Window">
          {window
            ? `${formatAge(secondsBetween(window.from, window.to))}, from ${formatMoment(window.from, 'UTC')}`
            : 'nothing can be restored'}
        </Fact>
        <Fact label="RPO if it alone were left">{formatRpo(rpoSeconds)}</Fact>
        {behind && (
          <Fact label="Behind repository 1">
            {behind.files === 0
              ? 'nothing'
              : `${formatNumber(behind.files)} ${behind.files === 1 ? 'file' : 'files'}, ${formatBytes(behind.bytes)}`}
          </Fact>
        )}
      </dl>
    </li>
  )
}

function stateOf({ reachable, gaps, problems, behind }: Repository): {
  status: 'pass' | 'warn' | 'fail'
  label: string
} {
  if (!reachable) return { status: 'fail', label: 'Not reached' }
  if (gaps.length > 0) return { status: 'fail', label: 'Has gaps' }
  if (problems.length > 0) return { status: 'fail', label: 'Has problems' }
  if (behind && behind.files > 0) return { status: 'warn', label: 'Catching up' }
  return { status: 'pass', label: 'Complete' }
}

const problemOf = ({ timeline, from, to, segments, backup }: ArchiveGap) => ({
  what: `${segments === 1 ? `WAL file ${from} is` : `${segments} WAL files, ${from} to ${to}, are`} missing on timeline ${timeline}.`,
  action: `The backup ${backup} and those after it up to the gap cannot be recovered past it. Copy the files from the other repository or from a member’s pg_wal if they have them; else make a full backup now.`,
})

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
