import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startCluster, superuserAddressOf } from '@/scripts/cluster'
import { askRest, postmasterOf, untilSynchronous } from '@/scripts/cluster/testing'
import { descendants, kill } from './process'
import type { Rig } from './rig'

/** A rig of the local engine's two members. */
export async function localRig(): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-local-'))
  const cluster = await startCluster({ dataDir: folder })
  const signal = (name: string, signal: NodeJS.Signals) => {
    const server = postmasterOf(folder, name)
    if (server !== null) for (const pid of [server, ...descendants(server)]) kill(pid, signal)
  }
  const leaderOf = async () => {
    const { body } = await askRest(cluster, 'a', '/cluster')
    return (
      (body.members as { name: string; role: string }[]).find(({ role }) => role === 'leader')?.name ?? ''
    )
  }
  const order = async (name: string, path: string, body: object, method = 'POST') => {
    const port = cluster.members.find((member) => member.name === name)?.restPort
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { authorization: `Basic ${Buffer.from(cluster.restAuth).toString('base64')}` },
      body: JSON.stringify(body),
    })
    return response.status
  }
  return {
    engine: 'local',
    members: cluster.members,
    auth: cluster.restAuth,
    address: (database) => superuserAddressOf(cluster, database),
    // The supervisor would start it again at once: while the engine is paused it stays down, as a lost machine would.
    killNode: async (name) => {
      await order(name, '/config', { pause: true }, 'PATCH')
      signal(name, 'SIGKILL')
    },
    freezeNode: async (name) => signal(name, 'SIGSTOP'),
    thawNode: async (name) => signal(name, 'SIGCONT'),
    killPostmaster: async (name) => {
      const server = postmasterOf(folder, name)
      if (server !== null) kill(server, 'SIGKILL')
    },
    loseFolder: async (name) => rmSync(join(folder, 'cluster', name), { recursive: true, force: true }),
    revive: async (name) => {
      await order(name, '/config', { pause: null }, 'PATCH')
      await order(name, '/reinitialize', { force: true })
    },
    untilWhole: async () => {
      for (const deadline = Date.now() + 60_000; ; await sleep(100)) {
        const leader = await leaderOf()
        const standby = leader === 'a' ? 'b' : 'a'
        const done = await untilSynchronous(cluster, standby, 1_000).then(
          () => true,
          () => false,
        )
        if (done) return leader
        if (Date.now() > deadline) throw new Error('the cluster did not become whole within 60 s')
      }
    },
    stop: async () => {
      await cluster.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
