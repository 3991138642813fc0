import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { insertKey } from '@/db/queries/access/keys'
import { insertProject } from '@/db/queries/access/projects'
import type { Account, Project, ProjectCaller } from '@/lib/access/caller'
import { hashKey, makeKey } from '@/lib/access/secrets'
import * as contract from '@/lib/analytics/surveys/contract'
import { forgetDue } from '@/lib/analytics/surveys/due'
import * as service from '@/lib/analytics/surveys/service'
import { databaseAway, followLeader } from '@/lib/database'
import { route } from '@/lib/http/route'
import { eventually } from '@/scripts/cluster/testing'
import { account } from '@/scripts/test/caller'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { type DatabaseProxy, openProxy } from '@/scripts/test/proxy'

/** Surveys as they are made, and as the tracker is told of them. */

const ORIGIN = 'https://shop.example'
const question = 'How easy was it?'

let test: TestDatabase
let proxy: DatabaseProxy
let other: Project

const caller = (project = test.project, role?: Account['role']): ProjectCaller => ({
  project,
  account: role
    ? account(role === 'admin' ? role : 'viewer', { memberships: membershipOf(project, role) })
    : null,
  receivedAt: Date.now(),
  userAgent: null,
})
const byKey = (keyId: string): ProjectCaller => ({ ...caller(), key: 'secret', keyId })
/** Their role for the cluster is another thing. */
const membershipOf = ({ id }: Project, role: Account['role']) =>
  role === 'admin' ? [] : [{ projectId: id, role }]
const make = async (given: object = {}, who = caller()) =>
  (await service.makeSurvey(contract.createSurvey.input.parse({ survey: 'ces', question, ...given }), who))
    .survey
const change = async (id: string, changes: object, who = caller()) =>
  (await service.changeSurvey(contract.updateSurvey.input.parse({ id, ...changes }), who)).survey
const forget = (id: string, who = caller()) => service.forgetSurvey({ id }, who)
const list = async (who = caller()) => (await service.findSurveys({}, who)).surveys

const due = route(contract.listDueSurveys, service.findDueSurveys)
const ask = (key: string | undefined, headers: Record<string, string> = {}) =>
  due(
    new Request(`http://holdfast.example${contract.listDueSurveys.path}${key ? `?writeKey=${key}` : ''}`, {
      headers,
    }),
  )
const told = async (key: string) => (await (await ask(key)).json()).surveys

async function storeKey(project: Project, kind: 'write' | 'secret' = 'write'): Promise<string> {
  const key = makeKey(kind)
  await insertKey(test.connection.db, {
    projectId: project.id,
    kind,
    name: 'test',
    hint: key.slice(0, 9),
    hash: hashKey(key),
    ratePerSecond: 1000,
    createdBy: 'test',
  })
  return key
}

beforeAll(async () => {
  test = await makeDatabase()
  proxy = await openProxy(test.address)
  process.env.DATABASE_URL = proxy.address
  await test.connection.sql`update projects set allowed_origins = ${[ORIGIN]}`
  other = (await insertProject(test.connection.db, { name: 'Other' })) as Project
})
afterEach(async () => {
  await test.connection.sql`delete from surveys`
  for (const { id } of [test.project, other]) forgetDue(id)
})
afterAll(() => test.connection.close())

describe('surveys', () => {
  it('are made, listed, changed and deleted, each in its own project', async () => {
    const made = await make({ followUp: ' Why? ', page: '/orders/*' })
    expect(made).toMatchObject({
      survey: 'ces',
      question,
      followUp: 'Why?',
      page: '/orders/*',
      delaySeconds: 10,
      everyDays: 90,
      active: true,
    })
    const second = await make({ survey: 'nps', active: false })
    expect(await list()).toEqual([made, second])
    expect(await list(caller(other))).toEqual([])

    const changed = await change(made.id, { followUp: null, delaySeconds: 0 })
    expect(changed).toEqual({ ...made, followUp: null, delaySeconds: 0, changedAt: changed.changedAt })
    expect(changed.changedAt > made.changedAt).toBe(true)
    await expect(change(made.id, {})).rejects.toMatchObject({ status: 422 })
    await expect(change(made.id, { active: false }, caller(other))).rejects.toMatchObject({ status: 404 })

    await expect(forget(made.id, caller(other))).rejects.toMatchObject({ status: 404 })
    await forget(made.id)
    await expect(forget(made.id)).rejects.toMatchObject({ status: 404 })
    expect(await list()).toEqual([second])
  })

  it('are seen by viewers, and changed by operators and admins', async () => {
    const made = await make({}, caller(test.project, 'operator'))
    const viewer = caller(test.project, 'viewer')
    expect(await list(viewer)).toEqual([made])
    await expect(make({}, viewer)).rejects.toMatchObject({ status: 403 })
    await expect(change(made.id, { active: false }, viewer)).rejects.toMatchObject({ status: 403 })
    await expect(forget(made.id, viewer)).rejects.toMatchObject({ status: 403 })
    await change(made.id, { active: false }, caller(test.project, 'admin'))
  })

  it('of a secret key are changed by it or an operator of the project, and by no other key', async () => {
    const [key, otherKey, operator] = [byKey('one'), byKey('two'), caller(test.project, 'operator')]
    const made = await make({}, key)
    const ofOperator = await make({}, operator)
    const ofNobodyKnown = await make({}, key)
    await test.connection.sql`update surveys set saved_by = null where id = ${ofNobodyKnown.id}`
    const strangers: [string, ProjectCaller][] = [
      [made.id, otherKey],
      [ofOperator.id, key],
      [ofNobodyKnown.id, key],
    ]
    for (const [id, stranger] of strangers) {
      await expect(change(id, { active: false }, stranger)).rejects.toMatchObject({ status: 403 })
      await expect(forget(id, stranger)).rejects.toMatchObject({ status: 403 })
    }
    expect(await list()).toEqual([made, ofOperator, ofNobodyKnown])

    await change(made.id, { question: 'As its maker asks it' }, key)
    await change(made.id, { question: 'As an operator asks it' }, operator)
    await forget(made.id, key)
    await forget(ofOperator.id, caller(test.project, 'operator'))
    await forget(ofNobodyKnown.id, operator)
    expect(await list()).toEqual([])
  })

  it('are not changed by an operator who has become a viewer', async () => {
    const who = caller(test.project, 'operator')
    const made = await make({}, who)
    const memberships = membershipOf(test.project, 'viewer')
    const viewer = { ...who, account: account('viewer', { id: who.account?.id, memberships }) }
    await expect(change(made.id, { active: false }, viewer)).rejects.toMatchObject({ status: 403 })
    await expect(forget(made.id, viewer)).rejects.toMatchObject({ status: 403 })
    expect(await list()).toEqual([made])
  })

  it.each([
    ['question', { question: '   ' }],
    ['question', { question: 'x'.repeat(301) }],
    ['question', { question: 'a\0' }],
    ['followUp', { followUp: '' }],
    ['followUp', { followUp: 'x'.repeat(301) }],
    ['page', { page: 'orders' }],
    ['page', { page: '' }],
    ['page', { page: `/${'x'.repeat(200)}` }],
    ['delaySeconds', { delaySeconds: 601 }],
    ['delaySeconds', { delaySeconds: -1 }],
    ['everyDays', { everyDays: 0 }],
    ['everyDays', { everyDays: 366 }],
    ['everyDays', { everyDays: 1.5 }],
    ['active', { active: 'yes' }],
  ])('have a %s within its limits (%#)', (path, given) => {
    const made = contract.createSurvey.input.safeParse({ survey: 'nps', question, ...given })
    expect(made.error?.issues[0]?.path).toEqual([path])
    const changed = contract.updateSurvey.input.safeParse({ id: randomUUID(), ...given })
    expect(changed.error?.issues[0]?.path).toEqual([path])
  })

  it('keep their kind, and take every character up to the limits', async () => {
    const id = randomUUID()
    expect(contract.updateSurvey.input.safeParse({ id, survey: 'nps' }).success).toBe(false)
    expect(contract.createSurvey.input.safeParse({ survey: 'stars', question }).success).toBe(false)
    const page = `*${'/ü'.repeat(99)}`
    const made = await make({
      question: '🙂'.repeat(150),
      followUp: 'ä'.repeat(300),
      page,
      delaySeconds: 600,
    })
    expect(made.page).toBe(page)
  })

  it('are 50 at the most', async () => {
    await make()
    await test.connection.sql`
      insert into surveys (project_id, survey, question, delay_seconds, every_days, active)
      select project_id, survey, question, delay_seconds, every_days, active from surveys, generate_series(2, 49)`
    const made = await Promise.allSettled([make(), make(), make()])
    expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    await expect(make()).rejects.toMatchObject({ status: 422 })
    await expect(make({}, caller(other))).resolves.toMatchObject({ question })
  })

  it('go with their project', async () => {
    const project = (await insertProject(test.connection.db, { name: 'Gone soon' })) as Project
    await make({}, caller(project))
    await test.connection.sql`delete from projects where id = ${project.id}`
    expect(await list(caller(project))).toEqual([])
  })
})

describe('the tracker', () => {
  it('is told of active surveys of its own project alone, at once after a change', async () => {
    const key = await storeKey(test.project)
    expect(await told(key)).toEqual([])
    const { active: _, createdAt: __, changedAt: ___, page: ____, ...rest } = await make()
    const made = { ...rest, pattern: '^.*$' }
    await make({ active: false })
    await make({ question: 'Of another project' }, caller(other))
    expect(await told(key)).toEqual([made])
    expect(await told(await storeKey(other))).toMatchObject([{ question: 'Of another project' }])

    await change(made.id, { active: false })
    expect(await told(key)).toEqual([])
    await change(made.id, { active: true, question: 'And now?' })
    expect(await told(key)).toEqual([{ ...made, question: 'And now?' }])
    await forget(made.id)
    expect(await told(key)).toEqual([])
  })

  it.each([
    ['*', ['/', '/orders', '/a/b'], []],
    ['/orders', ['/orders'], ['/orders/', '/orders/7', '/my/orders']],
    ['/orders/*', ['/orders/', '/orders/7'], ['/orders']],
    ['*.html', ['/a.html'], ['/ahtml', '/a.html/b']],
    ['/a/*/b/*/c', ['/a/1/b/2/c', '/a/b/b/b/c/c'], ['/a/1/c/2/b', '/a/1/b/2/c/d']],
    ['*a*a', ['/a/a', '/aaa'], ['/a', '/a/ab']],
    ['**', ['/'], []],
    [`*${'a*'.repeat(90)}b`, [`/${'a'.repeat(90)}b`], [`/${'a'.repeat(2000)}`]],
    ['/grüße/*', ['/gr%C3%BC%C3%9Fe/x'], ['/gr%C3%BC/x']],
    ['/a%20b', ['/a%20b'], ['/a b']],
    ['/(x)+[y]', ['/(x)+%5By%5D'], ['/xx']],
  ])('is told where %s is', async (page, asked, not) => {
    await make({ page })
    const [{ pattern }] = (await told(await storeKey(test.project))) as [{ pattern: string }]
    for (const path of asked) expect(path).toMatch(new RegExp(pattern))
    for (const path of not) expect(path).not.toMatch(new RegExp(pattern))
  })

  it('asks with a key, from an allowed origin, and may keep the answer for a minute', async () => {
    const key = await storeKey(test.project)
    const answer = await ask(key, { origin: ORIGIN })
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'cache-control': 'public, max-age=60',
      vary: 'origin, authorization',
    })
    const secret = await storeKey(test.project, 'secret')
    expect((await ask(undefined, { authorization: `Bearer ${secret}` })).headers.get('vary')).toMatch(
      /origin/,
    )

    const refused = await ask(key, { origin: 'https://evil.example' })
    expect(refused.status).toBe(403)
    expect(refused.headers.get('cache-control')).toBe('no-store')
    expect((await ask(undefined)).status).toBe(401)
    expect((await ask(makeKey('write'))).status).toBe(401)
    const unknown = await due(
      new Request(`http://holdfast.example${contract.listDueSurveys.path}?writeKey=${key}&project=x`),
    )
    expect(unknown.status).toBe(422)
  })

  it('costs one question for all who ask within seconds', async () => {
    const key = await storeKey(test.project)
    // The key is looked up once, too.
    await told(key)
    await make()
    const answers = await Promise.all(Array.from({ length: 20 }, () => told(key)))
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1)
    // Behind the back of this process: it is not looked at yet.
    await test.connection.sql`delete from surveys`
    expect(await told(key)).toEqual(answers[0])
  })

  it('gets what was last known without a database, and 503 where nothing is known', async () => {
    const key = await storeKey(test.project)
    const stranger = (await insertProject(test.connection.db, { name: 'Stranger' })) as Project
    const strangerKey = await storeKey(stranger)
    await make()
    const known = await told(key)
    // So that the key is known, and the surveys are not.
    expect((await ask(strangerKey, { origin: 'https://evil.example' })).status).toBe(403)
    forgetDue(test.project.id)
    await proxy.cut()
    expect(await told(key)).toEqual(known)
    const unknown = await ask(strangerKey)
    expect(unknown.status).toBe(503)
    expect(unknown.headers.get('retry-after')).not.toBeNull()
    expect(unknown.headers.get('cache-control')).toBe('no-store')
    await proxy.mend()
    await eventually('the database answers', async () => {
      await followLeader()
      return !databaseAway()
    })
    expect(await told(strangerKey)).toEqual([])
  })
})
