import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { otherUsers } from '@/lib/postgres/run-as'
import { startCluster } from '@/scripts/cluster'

const module = pathToFileURL(join(import.meta.dirname, 'give-up-root.ts')).href
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/** Who a process is after it gave up root, and what its environment says. */
function giveUp(dataDir: string, ...others: string[]): { uid: number; groups: number[]; home: string } {
  const program = `
    const { giveUpRoot } = await import(${JSON.stringify(module)})
    await giveUpRoot(${JSON.stringify(dataDir)}, ${JSON.stringify(others)})
    console.log(JSON.stringify({ uid: process.getuid(), groups: process.getgroups(), home: process.env.HOME }))`
  const args = ['--import', tsx, '--input-type=module', '-e', program]
  return JSON.parse(
    execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
  )
}

let folder: string
let dataDir: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-'))
  chmodSync(folder, 0o755)
  dataDir = join(folder, 'data')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const uidOf = (path: string) => lstatSync(path).uid
const uidOfProcess = (pid: number) =>
  Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

/** Where root cannot be given up, there is nothing to see: the tests of an ordinary user, or of root in its own home. */
const given = process.getuid?.() === 0 && giveUpInScratch()
function giveUpInScratch(): boolean {
  const scratch = mkdtempSync(join(tmpdir(), 'holdfast-'))
  chmodSync(scratch, 0o755)
  try {
    return giveUp(join(scratch, 'data')).uid !== 0
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
if (!given)
  console.log('That root is given up is not tried: these tests are not root’s, or nobody else can read them.')

describe.skipIf(!given)('a start by root', () => {
  it('goes on as a user who has the data folder, and no group of root’s', () => {
    const { uid, groups, home } = giveUp(dataDir)
    expect(otherUsers().map((user) => user.uid)).toContain(uid)
    expect(groups).not.toContain(0)
    expect(home).not.toBe('/root')
    expect(uidOf(dataDir)).toBe(uid)
    // The next one is the same, whoever else there may be then.
    expect(giveUp(dataDir).uid).toBe(uid)
  })

  it('takes over what root has made before, and follows no link out of it', () => {
    const secret = join(folder, 'secret')
    const outside = join(folder, 'outside')
    mkdirSync(join(dataDir, 'cluster', 'a'), { recursive: true })
    mkdirSync(outside)
    for (const path of [secret, join(outside, 'file'), join(dataDir, 'session-secret')])
      writeFileSync(path, 'root’s', { mode: 0o600 })
    symlinkSync(secret, join(dataDir, 'cluster', 'a', 'holdfast.conf'))
    symlinkSync(outside, join(dataDir, 'recovery'))
    const named = join(folder, 'named')
    symlinkSync(dataDir, named)
    const { uid } = giveUp(named)
    expect(uidOf(join(dataDir, 'session-secret'))).toBe(uid)
    expect(uidOf(join(dataDir, 'cluster', 'a', 'holdfast.conf'))).toBe(uid)
    for (const path of [secret, outside, join(outside, 'file')]) expect(uidOf(path)).toBe(0)
    // A second time: what root has put there since.
    const late = join(dataDir, 'cluster', 'a', 'late')
    writeFileSync(late, 'root’s', { mode: 0o600 })
    expect(giveUp(named).uid).toBe(uid)
    expect(uidOf(late)).toBe(uid)
  })

  it('gives away a repository of backups, and an empty one, but no folder of somebody else’s', () => {
    const [repository, empty, foreign] = ['repository', 'empty', 'foreign'].map((name) => join(folder, name))
    for (const path of [repository, empty, foreign]) mkdirSync(path as string)
    writeFileSync(join(repository as string, 'holdfast.json'), '{}')
    writeFileSync(join(foreign as string, 'letter'), 'Dear …')
    const { uid } = giveUp(
      dataDir,
      repository as string,
      empty as string,
      foreign as string,
      join(folder, 'none'),
    )
    expect([repository, empty].map((path) => uidOf(path as string))).toEqual([uid, uid])
    expect([foreign, join(foreign as string, 'letter')].map((path) => uidOf(path as string))).toEqual([0, 0])
    expect(readdirSync(folder)).not.toContain('none')
    // Not even with a name that is ours, too.
    mkdirSync(join(foreign as string, 'cluster'))
    const { mode } = statSync(foreign as string)
    expect(() => giveUp(foreign as string)).toThrow('holds what is not Holdfast’s')
    expect(uidOf(join(foreign as string, 'letter'))).toBe(0)
    expect(statSync(foreign as string).mode).toBe(mode)
  })

  it('believes nothing that stands in a folder of another user’s, and goes nowhere by it', () => {
    const { uid } = giveUp(dataDir)
    mkdirSync(join(dataDir, 'cluster'))
    const wish = { runAs: { uid: 0, gid: 0, namespace: true } }
    writeFileSync(join(dataDir, 'cluster', 'state.json'), JSON.stringify(wish))
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    symlinkSync(empty, join(dataDir, 'restored'))
    expect(giveUp(dataDir, join(dataDir, 'restored')).uid).toBe(uid)
    expect(uidOf(empty)).toBe(0)
  })

  it('leaves nothing that PostgreSQL’s user could lead root astray by: no process of the cluster is root’s', async () => {
    const cluster = await startCluster({ dataDir })
    const leader = cluster.members[0]?.name ?? ''
    try {
      const postmaster = Number(
        readFileSync(join(dataDir, 'cluster', leader, 'postmaster.pid'), 'utf8').split('\n')[0],
      )
      expect(uidOfProcess(cluster.pid)).toBe(uidOfProcess(postmaster))
      expect(uidOfProcess(cluster.pid)).not.toBe(0)
    } finally {
      await cluster.stop()
    }
    // As that user, who means harm: the next start writes through these names, and owns where they lead to only as itself.
    const victim = join(folder, 'victim')
    writeFileSync(victim, 'root’s', { mode: 0o644 })
    const settings = join(dataDir, 'cluster', leader, 'holdfast.conf')
    renameSync(settings, `${settings}.before`)
    symlinkSync(victim, settings)
    symlinkSync(folder, join(dataDir, 'cluster', `${leader}.new`))
    const again = await startCluster({ dataDir })
    await sleep(100)
    await again.stop()
    expect(readFileSync(victim, 'utf8')).toBe('root’s')
    expect([victim, folder].map((path) => statSync(path).uid)).toEqual([0, 0])
  })
})
