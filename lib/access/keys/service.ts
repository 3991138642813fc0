import type { Db } from '@/db/connect'
import * as queries from '@/db/queries/access/keys'
import type { keys } from '@/db/schema'
import type { Action } from '@/lib/access/audit/contract'
import { audit } from '@/lib/access/audit/service'
import type { Account, AccountCaller, Project } from '@/lib/access/caller'
import { chosenProject } from '@/lib/access/identify'
import type * as contract from '@/lib/access/keys/contract'
import { forgetAccess } from '@/lib/access/project-cache'
import { hashKey, makeKey as makeSecret } from '@/lib/access/secrets'
import { leader } from '@/lib/database'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'

const HINT_LENGTH = 9

type KeyRow = typeof keys.$inferSelect

/** The keys of a project, newest first. */
export async function findKeys(
  input: ParsedInputOf<typeof contract.listKeys>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.listKeys>> {
  const project = await chosenProject(account, input.project)
  const rows = await queries.findKeys(leader(), project.id)
  return { keys: rows.map(toItem) }
}

/** Makes a key. Only this answer holds it: what is stored is its hash. */
export async function makeKey(
  input: ParsedInputOf<typeof contract.createKey>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.createKey>> {
  const project = await chosenProject(account, input.project)
  const secret = makeSecret(input.kind)
  const row = await leader().transaction(async (tx) => {
    const made = await queries.insertKey(tx, {
      projectId: project.id,
      kind: input.kind,
      name: input.name,
      hint: secret.slice(0, HINT_LENGTH),
      hash: hashKey(secret),
      ratePerSecond: input.ratePerSecond,
      createdBy: account.email,
    })
    await tell(tx, account, 'key.created', project, made)
    return made
  })
  forgetAccess()
  return { key: toItem(row), secret }
}

/** Revokes a key. @throws Problem 404 when there is none, or it was revoked before */
export async function withdrawKey(
  input: ParsedInputOf<typeof contract.revokeKey>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.revokeKey>> {
  const row = await leader().transaction(async (tx) => {
    const revoked = await queries.revokeKey(tx, input.id)
    if (!revoked) throw new Problem(404, 'There is no such key, or it was revoked before.')
    await tell(tx, account, 'key.revoked', await chosenProject(account, revoked.projectId), revoked)
    return revoked
  })
  forgetAccess()
  return { key: toItem(row) }
}

const tell = (
  tx: Db,
  { email: actor }: Account,
  action: Action,
  { name: subject }: Project,
  { kind, name, hint }: KeyRow,
): Promise<void> => audit(tx, { actor, action, subject, detail: { kind, name, hint } })

function toItem({ hash: _, ...row }: KeyRow): contract.Key {
  return { ...row, createdAt: row.createdAt.toISOString(), revokedAt: row.revokedAt?.toISOString() ?? null }
}
