import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockHolder, takeLock, withLock } from '@/lib/lock'
import { processIdentity } from '@/lib/process-identity'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-lock-'))
  path = join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const hold = (pid: number, identity: string | null) =>
  writeFileSync(path, JSON.stringify({ pid, identity, about: 'theirs' }))

it('is held by one, and says by whom and for what', () => {
  const taken = takeLock(path, 'mine')
  expect('release' in taken).toBe(true)
  const second = takeLock(path, 'another')
  expect('holder' in second && second.holder).toMatchObject({ pid: process.pid, about: 'mine' })
  if ('release' in taken) taken.release()
  expect(lockHolder(path)).toBeUndefined()
  expect('release' in takeLock(path, 'another')).toBe(true)
})

it('is kept by a process that lives, and taken over from one that died or whose id another has', async () => {
  const child = spawn('sleep', ['60'])
  const pid = child.pid as number
  hold(pid, processIdentity(pid))
  expect('holder' in takeLock(path, 'mine')).toBe(true)
  hold(pid, 'another process of this id')
  expect('release' in takeLock(path, 'mine')).toBe(true)
  hold(pid, processIdentity(pid))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
  expect('release' in takeLock(path, 'mine')).toBe(true)
})

it('lets those that wait in one after the other', async () => {
  let inside = 0
  await Promise.all(
    Array.from({ length: 10 }, () =>
      withLock(path, 'mine', async () => {
        inside += 1
        expect(inside).toBe(1)
        await new Promise((resolve) => setTimeout(resolve, 5))
        inside -= 1
      }),
    ),
  )
  expect(lockHolder(path)).toBeUndefined()
})
