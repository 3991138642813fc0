import { type Exported, type ExportPage, exportRecords } from '@/db/queries/analytics/export-records'
import { kinds } from '@/db/queries/analytics/users/kinds'
import type { ProjectCaller } from '@/lib/access/caller'
import { readFresh } from '@/lib/database'

/** Records that are read at once: a short question each, so that nothing waits for a long one. */
const PAGE = 2_000

/** Every record of a project as lines of JSON, a page at a time, and a last line that counts them. */
export async function* exportLines(_input: object, { project }: ProjectCaller): AsyncGenerator<string> {
  let records = 0
  for (const { kind } of kinds) {
    let after: Exported | null = null
    do {
      const from: Exported | null = after
      const { lines, last }: ExportPage = await readFresh(({ db }) =>
        exportRecords(db, project.id, kind, PAGE, from),
      )
      records += lines.length
      after = lines.length < PAGE ? null : last
      if (lines.length > 0) yield `${lines.join('\n')}\n`
    } while (after !== null)
  }
  yield `${JSON.stringify({ kind: 'end', records })}\n`
}
