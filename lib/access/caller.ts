import type { Access } from '@/lib/http/endpoint'

export type Role = 'viewer' | 'operator' | 'admin'

/** What someone may do in a project; whoever has none does not see it. */
export interface Membership {
  projectId: string
  role: Exclude<Role, 'admin'>
}

export interface Account {
  id: string
  email: string
  /** What they may do with the cluster; an admin may everything. */
  role: Role
  memberships: Membership[]
  /** When the password was last given, in milliseconds since 1970. */
  authenticatedAt: number
}

export interface Project {
  id: string
  name: string
  timezone: string
  retentionDays: number | null
  allowedOrigins: string[]
  dropBots: boolean
  allowedAgents: string[]
  hashRoutes: boolean
}

export type KeyKind = 'write' | 'secret'

interface Anyone {
  /** When the request reached us, in milliseconds since 1970. */
  receivedAt: number
  userAgent: string | null
}

/** Someone who records into or reads from one project: a key, or an account that chose the project. */
export interface ProjectCaller extends Anyone {
  project: Project
  account: Account | null
  /** The kind of their key, if it is not someone signed in, and its id. */
  key?: KeyKind
  keyId?: string
}

/** Someone of whom nothing but the address is known. */
export interface Stranger extends Anyone {
  /** For limits; nothing keeps it. */
  address: string
}

/** Someone signed in. */
export interface AccountCaller extends Anyone {
  account: Account
}

export type CallerOf<A extends Access> = A extends 'record' | 'read'
  ? ProjectCaller
  : A extends 'public'
    ? Stranger
    : AccountCaller

const rank: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 }

/** Whether a role may do what needs another. */
export function atLeast(role: Role, needed: Role): boolean {
  return rank[role] >= rank[needed]
}

/** What an account may do in a project; null for one that it does not see. */
export function roleIn({ role, memberships }: Account, projectId: string): Role | null {
  if (role === 'admin') return role
  return memberships.find((one) => one.projectId === projectId)?.role ?? null
}
