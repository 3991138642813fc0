import type { BackupHealth } from '@/lib/recovery/backups/contract'
import { MEND_WAL } from '@/lib/recovery/backups/provider'
import type { View } from '@/lib/recovery/backups/view'
import { formatSeconds } from '@/lib/recovery/format'

type Check = BackupHealth['checks'][number]

const HOUR = 3_600
const DAY = 24 * HOUR
/** Where a value warns and where it fails, in seconds; of what is not said, never. */
const LIMITS = {
  age: { warn: 26 * HOUR, fail: 50 * HOUR },
  verified: { warn: 50 * HOUR },
  drilled: { warn: 8 * DAY, fail: 30 * DAY },
  rpo: { warn: 300, fail: HOUR },
}

/** Whether what would be needed to recover is there, of what was seen of it. Answers with every database down. */
export function describeHealth(view: View, now = Date.now()): BackupHealth {
  const whole = view.backups.filter(({ state }) => state === 'complete')
  const newest = whole.toSorted((a, b) => b.endedAt.localeCompare(a.endedAt))[0] ?? null
  const drills = view.backups.flatMap(({ drilled }) => (drilled ? [drilled] : []))
  const lastDrill = drills.toSorted((a, b) => b.at.localeCompare(a.at))[0] ?? null
  const windows = view.repositories.flatMap(({ window }) => (window ? [window] : []))
  const rpos = view.repositories.flatMap(({ rpoSeconds }) => (rpoSeconds === null ? [] : [rpoSeconds]))
  const found = {
    newest,
    ageSeconds: newest && ageOf(newest.endedAt, now),
    damaged: view.backups.filter(({ state }) => state === 'damaged'),
    firstBackupAt: whole.map(({ endedAt }) => endedAt).sort()[0] ?? null,
    proven:
      whole
        .filter(({ drilled }) => drilled?.passed)
        .toSorted((a, b) => b.endedAt.localeCompare(a.endedAt))[0] ?? null,
    lastDrill,
    window: windows.toSorted((a, b) => b.to.localeCompare(a.to) || a.from.localeCompare(b.from))[0] ?? null,
    rpoSeconds: rpos.length > 0 ? Math.min(...rpos) : null,
  }
  const checks = view.provider === null ? [notSetUp] : checksOf(view, found, now)
  const status =
    (['fail', 'warn'] as const).find((one) => checks.some((check) => check.status === one)) ?? 'pass'
  return {
    status,
    provider: view.provider,
    checks,
    archivers: view.archivers.map(({ timeoutSeconds, ...rest }) => rest),
    repositories: view.repositories,
    ...found,
  }
}

const notSetUp: Check = {
  name: 'set up',
  status: 'fail',
  observed: 'nothing makes backups',
  limit: 'a provider',
  action:
    'Set BACKUP_PROVIDER to pgbackrest, as deploy/README.md says. A start on the local cluster needs nothing.',
}

type Found = Pick<BackupHealth, 'ageSeconds' | 'proven' | 'lastDrill' | 'rpoSeconds'>

function checksOf(view: View, { ageSeconds, proven, lastDrill, rpoSeconds }: Found, now: number): Check[] {
  const damaged = view.backups.find(({ state }) => state === 'damaged')?.problems[0]
  const gap = view.repositories.flatMap(({ gaps, number }) => gaps.map((one) => ({ ...one, number })))[0]
  const archiver = view.archivers.find(({ archiving }) => archiving)
  const verified = view.backups
    .flatMap(({ verified: one }) => (one ? [one.at] : []))
    .sort()
    .at(-1)
  return [
    {
      name: 'newest backup',
      ...judge(ageSeconds, LIMITS.age, 'there is none', 'fail'),
      limit: `younger than ${formatSeconds(LIMITS.age.warn)}`,
      action: 'Back up now, and see why the schedule did not.',
    },
    {
      name: 'whole',
      status: damaged ? 'fail' : 'pass',
      observed: damaged?.what ?? `all ${view.backups.length} are as they were written, by name and size`,
      limit: 'no fault in any backup',
      action: damaged?.action ?? '',
    },
    archiveCheck(archiver),
    {
      name: 'archive without a gap',
      status: gap ? 'fail' : 'pass',
      observed: gap
        ? `repository ${gap.number} lacks ${gap.segments} WAL files, from ${gap.from} on, since backup ${gap.backup}`
        : 'every WAL file since the oldest backup is there',
      limit: 'no WAL file missing',
      action: MEND_WAL,
    },
    ...repositoryChecks(view),
    {
      name: 'verified',
      ...judge(verified ? ageOf(verified, now) : null, LIMITS.verified, 'never', 'warn'),
      limit: `within ${formatSeconds(LIMITS.verified.warn)}`,
      action: 'Verify each repository: every byte is read and compared with its checksum.',
    },
    {
      name: 'proven by a drill',
      ...(lastDrill && !lastDrill.passed
        ? { status: 'fail' as const, observed: 'the last drill failed' }
        : judge(
            proven?.drilled ? ageOf(proven.drilled.at, now) : null,
            LIMITS.drilled,
            'no backup was ever restored',
            'warn',
          )),
      limit: `within ${formatSeconds(LIMITS.drilled.warn)}`,
      action: 'Drill the newest backup; its steps say what fails.',
    },
    {
      name: 'what would be lost',
      ...judge(rpoSeconds, LIMITS.rpo, 'unknown: nothing can be recovered', 'fail'),
      limit: `less than ${formatSeconds(LIMITS.rpo.warn)}`,
      action: 'See that WAL is archived.',
    },
  ]
}

function archiveCheck(archiver: View['archivers'][number] | undefined): Check {
  const base = {
    name: 'archiving',
    limit: 'the leader archives, the last attempt worked',
    action:
      'See archive_command and the log of the leader’s PostgreSQL: what is not archived cannot be recovered to.',
  }
  if (!archiver) return { ...base, status: 'fail', observed: 'no member that answers archives' }
  const { member, failing, waiting, lastArchived } = archiver
  if (failing) return { ...base, status: 'fail', observed: `the last attempt of ${member} failed` }
  const many = (waiting ?? 0) > 8
  return {
    ...base,
    status: many ? 'warn' : 'pass',
    observed: `${member} archived ${lastArchived ?? 'nothing yet'}; ${waiting ?? 'an unknown number'} wait`,
  }
}

function repositoryChecks({ repositories, provider }: View): Check[] {
  const checks: Check[] = repositories.map(({ number, location, reachable, behind, problems }) => ({
    name: `repository ${number}`,
    status: !reachable || problems.length > 0 ? 'fail' : (behind?.files ?? 0) > 0 ? 'warn' : 'pass',
    observed:
      problems[0]?.what ??
      (behind?.files ? `${location} lacks ${behind.files} files of the first` : location),
    limit: number === 1 ? 'can be reached, without faults' : 'can be reached, and has what the first has',
    action: problems[0]?.action ?? 'It is caught up by itself.',
  }))
  if (repositories.length > 1) return checks
  const how =
    provider === 'local'
      ? 'Set BACKUP_SECONDARY_STORAGE to a folder on another disk or machine, or to s3://BUCKET/PREFIX.'
      : 'Configure repo2 of pgBackRest.'
  return [
    ...checks,
    {
      name: 'repository 2',
      status: 'warn',
      observed: 'there is none',
      limit: 'a second copy',
      action: `${how} The loss of one storage would lose data and backups.`,
    },
  ]
}

function judge(
  seconds: number | null,
  { warn, fail }: { warn: number; fail?: number },
  unknown: string,
  ofUnknown: 'warn' | 'fail',
): Pick<Check, 'status' | 'observed'> {
  if (seconds === null) return { status: ofUnknown, observed: unknown }
  const status = fail !== undefined && seconds > fail ? 'fail' : seconds > warn ? 'warn' : 'pass'
  return { status, observed: formatSeconds(seconds) }
}

const ageOf = (at: string, now: number): number => Math.max(0, (now - Date.parse(at)) / 1000)
