import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { processesOf } from '@/scripts/test/member-processes'
import { type Cluster, startCluster } from '.'
import { askRest, clientOf, eventually, memberOf, scratchFolder, untilSynchronous } from './testing'

/** What a crash between the steps of a change of roles leaves on disk, and what the next start makes of it. */

const scratch: ReturnType<typeof scratchFolder>[] = []
let cluster: Cluster | undefined
/** A cluster that was stopped in good order, made once: what happens to it happens to copies. */
let made: ReturnType<typeof scratchFolder>

beforeAll(async () => {
  made = scratchFolder()
  cluster = await startCluster({ dataDir: made.path })
  await untilSynchronous(cluster, 'b')
  const sql = clientOf(cluster, 'a')
  await sql`create table kept (id int)`
  await sql`insert into kept values (1)`
  await sql.end()
  await cluster.stop()
})
afterEach(async () => {
  await cluster?.stop()
  for (const folder of scratch.splice(0)) folder.remove()
})
afterAll(async () => {
  await cluster?.stop()
  made.remove()
})

/** A copy of its data folder, for one test. */
function newCluster(): string {
  const folder = scratchFolder()
  scratch.push(folder)
  // Owners and modes as they are, which PostgreSQL insists on.
  execFileSync('cp', ['-a', `${made.path}/.`, folder.path])
  return folder.path
}

function changeState(folder: string, change: object): void {
  const path = join(folder, 'cluster', 'state.json')
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }))
}

async function rolesOf(of: Cluster): Promise<Record<string, string>> {
  const { body } = await askRest(of, 'a', '/cluster')
  const members = body.members as { name: string; role: string; state: string }[]
  return Object.fromEntries(members.map(({ name, role, state }) => [name, `${role} ${state}`]))
}

const order = async (
  of: Cluster,
  member: string,
  path: string,
  body: object,
  { auth = of.restAuth, method = 'POST' } = {},
) => {
  const response = await fetch(`http://127.0.0.1:${memberOf(of, member).restPort}${path}`, {
    method,
    headers: { authorization: `Basic ${Buffer.from(auth).toString('base64')}` },
    body: JSON.stringify(body),
  })
  return { status: response.status, text: await response.text() }
}

async function expectKept(of: Cluster, member: string): Promise<void> {
  const sql = clientOf(of, member)
  await sql`insert into kept values (2)`
  expect((await sql`select id from kept order by id`).map(({ id }) => id)).toEqual([1, 2])
  await sql.end()
}

describe('a start', () => {
  it('finishes a switchover that broke off before the promotion, and the old leader follows', async () => {
    const folder = newCluster()
    changeState(folder, { leader: 'b', synchronous: null, promoting: true })
    cluster = await startCluster({ dataDir: folder })
    expect((await rolesOf(cluster)).b).toBe('leader running')
    await untilSynchronous(cluster, 'a')
    await expectKept(cluster, 'b')
  })

  it('finishes a failover that broke off, and leaves the fenced leader down until it is asked for', async () => {
    const folder = newCluster()
    changeState(folder, { leader: 'b', synchronous: null, promoting: true, fenced: 'a' })
    cluster = await startCluster({ dataDir: folder })
    expect(await rolesOf(cluster)).toEqual({ a: 'replica stopped', b: 'leader running' })
    await expectKept(cluster, 'b')
    expect((await order(cluster, 'a', '/restart', {})).status).toBe(503)
    expect((await order(cluster, 'b', '/reinitialize', {})).text).toMatch(/I am the leader/)
    expect(await order(cluster, 'a', '/reinitialize', {})).toMatchObject({ status: 200 })
    await untilSynchronous(cluster, 'a')
  })

  it('without the leader’s data runs the standby and waits for an order to promote it', async () => {
    const folder = newCluster()
    rmSync(join(folder, 'cluster', 'a'), { recursive: true })
    const said: string[] = []
    cluster = await startCluster({ dataDir: folder, onLog: (line) => said.push(line) })
    expect(said.join()).toMatch(/missing or incomplete: restore it, or fail over to b/)
    const failover = { leader: 'a', candidate: 'b' }
    expect((await order(cluster, 'b', '/failover', failover, { auth: 'holdfast:wrong' })).status).toBe(401)
    const running = cluster
    await eventually('b answers', async () => (await rolesOf(running)).b?.endsWith('running'))
    expect(await order(cluster, 'b', '/failover', failover)).toMatchObject({ status: 200 })
    await expectKept(cluster, 'b')
  })
})

describe('an order', () => {
  it('is refused with Patroni’s words when it makes no sense', async () => {
    const folder = newCluster()
    cluster = await startCluster({ dataDir: folder })
    const running = cluster
    await untilSynchronous(cluster, 'b')
    const said = async (path: string, body: object) => order(running, 'a', path, body)
    expect(await said('/switchover', {})).toMatchObject({ status: 400 })
    expect(await said('/switchover', { leader: 'b' })).toMatchObject({
      status: 412,
      text: 'leader name does not match',
    })
    expect(await said('/switchover', { leader: 'a', candidate: 'c' })).toMatchObject({ status: 412 })
    expect(await said('/switchover', { leader: 'a', scheduled_at: '2020-01-01T00:00:00Z' })).toMatchObject({
      status: 422,
    })
    expect(await said('/switchover', { leader: 'a', scheduled_at: 'tomorrow' })).toMatchObject({
      status: 422,
    })
    expect(await said('/failover', { leader: 'a' })).toMatchObject({ status: 400 })
    expect(await said('/failover', { leader: 'b', candidate: 'b' })).toMatchObject({ status: 412 })
    expect(await rolesOf(cluster)).toEqual({ a: 'leader running', b: 'sync_standby streaming' })
  })

  it('for later is carried out at its time', async () => {
    const folder = newCluster()
    cluster = await startCluster({ dataDir: folder })
    const running = cluster
    await untilSynchronous(cluster, 'b')
    const at = new Date(Date.now() + 2_000).toISOString()
    expect(await order(cluster, 'a', '/switchover', { leader: 'a', scheduled_at: at })).toMatchObject({
      status: 202,
    })
    const { body } = await askRest(cluster, 'a', '/cluster')
    expect(body.scheduled_switchover).toEqual({ at, from: 'a', to: 'b' })
    await eventually('b takes writes', async () => {
      const { body } = await askRest(running, 'b', '/patroni')
      return body.role === 'primary'
    })
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(at))
    await expectKept(cluster, 'b')
  })
})

describe('a standby that is promoted past the engine', () => {
  const promote = async (of: Cluster) => {
    const sql = clientOf(of, 'b')
    await sql`select pg_promote()`
    await sql.end({ timeout: 0 })
  }

  it('is stopped and made anew: the leader stays the one that takes writes', async () => {
    const said: string[] = []
    const folder = newCluster()
    cluster = await startCluster({ dataDir: folder, onLog: (line) => said.push(line) })
    await untilSynchronous(cluster, 'b')
    await promote(cluster)
    await eventually('b is made anew', () => said.some((line) => /^b was made/.test(line)))
    expect(said.join()).toMatch(/b was promoted without an order/)
    const kept = readdirSync(join(folder, 'cluster')).filter((name) => /^b\.promoted-/.test(name))
    expect(kept).toHaveLength(1)
    expect(said.join()).toContain(`is kept in ${join(folder, 'cluster', kept[0] as string)}`)
    await untilSynchronous(cluster, 'b')
    expect(await rolesOf(cluster)).toEqual({ a: 'leader running', b: 'sync_standby streaming' })
    await expectKept(cluster, 'a')
  })

  it('is stopped while the engine is paused, too, and stays down until it is asked for', async () => {
    cluster = await startCluster({ dataDir: newCluster() })
    const running = cluster
    await untilSynchronous(cluster, 'b')
    const pause = (pause: boolean | null) => order(running, 'a', '/config', { pause }, { method: 'PATCH' })
    expect(await pause(true)).toMatchObject({ status: 200 })
    await promote(cluster)
    await eventually('b is stopped', async () => (await rolesOf(running)).b === 'replica stopped')
    await expectKept(cluster, 'a')
    expect(await pause(null)).toMatchObject({ status: 200 })
    await untilSynchronous(cluster, 'b')
  })

  it('goes on alone while the leader takes no writes: it may be the only one that does', async () => {
    const folder = newCluster()
    cluster = await startCluster({ dataDir: folder })
    const running = cluster
    await untilSynchronous(cluster, 'b')
    const leader = processesOf(folder, 'a')
    for (const pid of leader) process.kill(pid, 'SIGSTOP')
    await promote(cluster)
    await expectKept(cluster, 'b')
    for (const pid of leader) process.kill(pid, 'SIGCONT')
    await eventually('b is made anew', async () => (await rolesOf(running)).b === 'sync_standby streaming')
    expect(readdirSync(join(folder, 'cluster')).filter((name) => /^b\.promoted-/.test(name))).toHaveLength(1)
  })

  it('is not started by an order either', async () => {
    const folder = newCluster()
    cluster = await startCluster({ dataDir: folder })
    const running = cluster
    await untilSynchronous(cluster, 'b')
    await order(cluster, 'a', '/config', { pause: true }, { method: 'PATCH' })
    await promote(cluster)
    await eventually('b is stopped', async () => (await rolesOf(running)).b === 'replica stopped')
    expect(await order(cluster, 'b', '/restart', {})).toMatchObject({
      status: 503,
      text: expect.stringContaining('is no standby'),
    })
  })
})
