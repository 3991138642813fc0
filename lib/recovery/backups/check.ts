import { type Gap, walkArchive } from '@/lib/recovery/backups/archive'
import type { BackupProblem } from '@/lib/recovery/backups/contract'
import { addProofs, type Proofs, proofKey } from '@/lib/recovery/backups/proofs'
import { ARCHIVE, MEND_WAL } from '@/lib/recovery/backups/provider'
import { theProvider } from '@/lib/recovery/backups/provider-of'
import type { Works } from '@/lib/recovery/tasks/run'

/** Verifies a repository: its content by its checksums, and that no WAL is missing since its oldest backup. */
export const verifyRepository: Works['verify'] = async ({ task, abort, step }) => {
  const provider = theProvider()
  const { repository } = task.order
  const found = await step('verify', async (progress) => {
    const result = await provider.verify(repository, progress, abort)
    const { backups, ...archive } = await provider.take(repository)
    for (const { id, problems } of backups) result.set(id, [...(result.get(id) ?? []), ...problems])
    const oldest = backups
      .toSorted((a, b) => a.startLsn - b.startLsn)
      .find(({ problems }) => problems.length === 0)
    for (const gap of oldest ? walkArchive(oldest, archive).gaps : [])
      result.set(ARCHIVE, [...(result.get(ARCHIVE) ?? []), describeGap(gap)])
    const bad = [...result.values()].filter((problems) => problems.length > 0).length
    return {
      result,
      detail: `${backups.length} backups and ${archive.wal.length} WAL files read, ${bad} with faults`,
    }
  })
  const at = new Date().toISOString()
  const proofs: Proofs = Object.fromEntries(
    [...found].map(([id, problems]) => [
      proofKey(repository, id),
      { verified: { at, passed: problems.length === 0, problems: unique(problems) } },
    ]),
  )
  const there = new Set([...found.keys()].map((id) => proofKey(repository, id)))
  await addProofs(proofs, (key) => !key.startsWith(`${repository}/`) || there.has(key))
  const problems = [...found.values()].flatMap(unique)
  const [first] = problems
  if (first)
    throw new Error(
      `${problems.length} fault${problems.length === 1 ? '' : 's'} in repository ${repository}, such as: ${first.what}`,
    )
  return `Repository ${repository} is as it was written.`
}

/** A hole in the archive, and what to do. */
export const describeGap = ({ from, to, segments }: Gap): BackupProblem => ({
  what: `The archive lacks ${segments === 1 ? `WAL file ${from}` : `${segments} WAL files, ${from} to ${to}`}.`,
  action: MEND_WAL,
})

const unique = (problems: BackupProblem[]): BackupProblem[] => [
  ...new Map(problems.map((problem) => [problem.what, problem])).values(),
]
