import { readFileSync } from 'node:fs'
import { connect, findLeader } from '@/db/connect'
import type { Rig } from './rig'

/**
 * Makes the application's role and database as deploy/README.md has an operator make them, by the statements that stand
 * there.
 *
 * @returns the address that the application is given
 */
export async function makeApplication(rig: Rig, database: string): Promise<string> {
  const [role, password] = [`${database}_role`, 'of the application']
  const text = /```sql\n([\s\S]*?)```/.exec(readFileSync('deploy/README.md', 'utf8'))?.[1] ?? ''
  const own = text
    .replace(/\b(role|owner|to) holdfast\b/g, `$1 ${role}`)
    .replace(/\bdatabase holdfast\b/g, `database ${database}`)
    .replace("password '…'", `password '${password}'`)
  const [outside = '', inside = ''] = own.split(/\\connect \w+/)
  await runAll(rig.address('postgres'), outside)
  await runAll(rig.address(database), inside)
  return rig.address(database).replace(/\/\/[^@]*@/, `//${role}:${encodeURIComponent(password)}@`)
}

async function runAll(address: string, statements: string): Promise<void> {
  const { sql, close } = connect(await findLeader(address), { max: 1 })
  try {
    for (const statement of statements.split(';')) if (statement.trim()) await sql.unsafe(statement)
  } finally {
    await close()
  }
}
