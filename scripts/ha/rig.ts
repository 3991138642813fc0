import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MemberAddress } from '@/lib/env'
import { type HaCluster, type HaMember, startHa, untilStreaming } from './cluster'
import { HA_CACHE } from './packages'
import { descendants, kill } from './process'

/** A cluster that faults can be made in, whichever engine runs it. */
export interface Rig {
  engine: 'patroni' | 'local'
  members: MemberAddress[]
  /** `user:password` of the members' REST API. */
  auth: string
  address(database: string): string
  /** The whole machine is gone at once: agent, PostgreSQL and all that it serves. */
  killNode(name: string): Promise<void>
  /** The machine stands still, and goes on. */
  freezeNode(name: string): Promise<void>
  thawNode(name: string): Promise<void>
  /** PostgreSQL's first process is killed; the agent is there to see it. */
  killPostmaster(name: string): Promise<void>
  /** The disk is gone: the member's data with it. Only of a member that was killed. */
  loseFolder(name: string): Promise<void>
  /** The member's agent alone, where it is apart: its PostgreSQL goes on. */
  signalAgent?(name: string, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>
  /** The store that decides who leads loses its majority, and gets it back. */
  loseMajority?(): Promise<void>
  restoreMajority?(): Promise<void>
  /** A member that was killed is switched on again, or, where that is not enough, made anew. */
  revive(name: string): Promise<void>
  /** Until one leads and all others stream from it. @returns the leader's name */
  untilWhole(): Promise<string>
  stop(): Promise<void>
}

/** A rig of three members under Patroni. @throws Unavailable where its packages cannot be had */
export async function patroniRig(): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-ha-'))
  const cluster = await startHa(folder, HA_CACHE)
  return {
    engine: 'patroni',
    members: cluster.members.map(({ name, host, port, restPort }) => ({ name, host, port, restPort })),
    auth: cluster.auth,
    address: cluster.address,
    killNode: async (name) => signalNode(find(cluster, name), 'SIGKILL'),
    freezeNode: async (name) => signalNode(find(cluster, name), 'SIGSTOP'),
    thawNode: async (name) => signalNode(find(cluster, name), 'SIGCONT'),
    killPostmaster: async (name) => {
      const server = find(cluster, name).postmaster()
      if (server !== null) kill(server, 'SIGKILL')
    },
    loseFolder: async (name) => rm(find(cluster, name).folder, { recursive: true, force: true }),
    signalAgent: async (name, signal) => find(cluster, name).patroni.signal(signal),
    loseMajority: async () => {
      for (const store of cluster.etcd.slice(1)) store.signal('SIGKILL')
    },
    restoreMajority: async () => {
      for (const store of cluster.etcd) store.start()
    },
    revive: async (name) => find(cluster, name).patroni.start(),
    untilWhole: () => untilStreaming(cluster),
    stop: async () => {
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The agent, and PostgreSQL, which is no child of it. */
function signalNode({ patroni, postmaster }: HaMember, name: NodeJS.Signals): void {
  const server = postmaster()
  patroni.signal(name, true)
  if (server !== null) for (const pid of [server, ...descendants(server)]) kill(pid, name)
}

const find = ({ members }: HaCluster, name: string): HaMember =>
  members.find((member) => member.name === name) as HaMember
