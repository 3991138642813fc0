// Stands in for `psql ADDRESS -c SQL …` where there is none: what npm brings of PostgreSQL has no clients.
import { pipeline } from 'node:stream/promises'
import postgres from 'postgres'

const [address = '', ...rest] = process.argv.slice(2)
const sql = postgres(address, { max: 1, onnotice: () => {} })
for (const statement of rest.filter((word) => word !== '-c')) {
  if (/to stdout$/i.test(statement))
    await pipeline(await sql.unsafe(statement).readable(), process.stdout, { end: false })
  else if (/from stdin$/i.test(statement))
    await pipeline(process.stdin, await sql.unsafe(statement).writable())
  else await sql.unsafe(statement)
}
await sql.end()
