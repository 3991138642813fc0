import { afterAll, beforeAll, expect, it } from 'vitest'
import { deleteAccount, listAccounts } from '@/db/queries/access/accounts'
import { findKey } from '@/db/queries/access/find-key'
import { replaceMemberships } from '@/db/queries/access/memberships'
import { findProjects, updateProject } from '@/db/queries/access/projects'
import { findUser } from '@/db/queries/access/users'
import { hashKey } from '@/lib/access/secrets'
import { type Credentials, ensureOwn, ensureProject, ensureUsers, letIn } from '@/scripts/start/credentials'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

let test: TestDatabase

beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

const URL_OF_START = 'https://holdfast.example:8443/'

it('makes a project of its own after the first one, once, which its own pages may post to', async () => {
  const { connection } = test
  const { project } = await ensureProject(connection, undefined)
  const { own } = await ensureOwn(connection, undefined, project, URL_OF_START)
  expect(own).toMatchObject({ name: 'Holdfast', writeKey: expect.stringMatching(/^wk_/) })
  expect((await findKey(connection.db, hashKey(own.writeKey)))?.project.id).toBe(own.id)
  const projects = await findProjects(connection.db)
  expect(projects[0]?.id).toBe(project.id)
  expect(projects.find(({ id }) => id === own.id)?.allowedOrigins).toContain('https://holdfast.example:8443')
  expect(await ensureOwn(connection, own, project, URL_OF_START)).toEqual({ own, made: false })

  // Without its credentials the project is found, and gets another key.
  const { own: again } = await ensureOwn(connection, undefined, project, URL_OF_START)
  expect(again.id).toBe(own.id)
  expect(again.writeKey).not.toBe(own.writeKey)
})

it('leaves the first project alone, whatever it is called', async () => {
  const { connection } = test
  const { project } = await ensureProject(connection, undefined)
  const [, other] = await findProjects(connection.db)
  if (other) await updateProject(connection.db, other.id, { name: 'Another' })
  await updateProject(connection.db, project.id, { name: 'Holdfast' })
  const { own } = await ensureOwn(connection, undefined, project, 'http://localhost:3000')
  expect(own.id).not.toBe(project.id)
  expect(own.name).toBe('Holdfast itself')
  const made = (await findProjects(connection.db)).find(({ id }) => id === own.id)
  expect(made?.allowedOrigins).toEqual(['http://localhost:3000'])
})

it('lets the accounts of the first start into the projects, and brings back nobody whom an admin put out', async () => {
  const { connection } = await makeDatabase()
  const start = async (known?: Credentials['users'], reset = false) => {
    const accounts = await ensureUsers(connection, known, reset)
    const { project, made } = await ensureProject(connection, undefined)
    await letIn(connection, accounts, [{ id: project.id, made }])
    const all = await listAccounts(connection.db)
    const into = all.filter(({ memberships }) =>
      memberships.some(({ projectId }) => projectId === project.id),
    )
    return { ...accounts, seen: Object.fromEntries(into.map(({ id, role }) => [role, id])) }
  }
  const first = await start()
  expect(Object.keys(first.seen).sort()).toEqual(['operator', 'viewer'])
  expect(first.unknown).toBe(false)

  await replaceMemberships(connection.db, first.seen.viewer ?? '', [])
  await deleteAccount(connection.db, first.seen.operator ?? '')
  const second = await start(first.users)
  expect(second.seen).toEqual({})
  expect(await findUser(connection.db, first.users.operator.email)).toBeUndefined()
  // Unless they are asked for.
  const third = await start(first.users, true)
  expect(Object.keys(third.seen)).toEqual(['operator'])
  await connection.close()
})
