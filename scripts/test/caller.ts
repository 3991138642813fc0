import { randomUUID } from 'node:crypto'
import type { Account, AccountCaller, Role } from '@/lib/access/caller'

/** Someone who signed in just now. */
export const account = (role: Role, more: Partial<Account> = {}): Account => ({
  id: randomUUID(),
  email: `${role}@test.example`,
  role,
  authenticatedAt: Date.now(),
  memberships: [],
  ...more,
})

/** The same, who asks something. */
export const caller = (role: Role, more: Partial<Account> = {}): AccountCaller => ({
  account: account(role, more),
  receivedAt: Date.now(),
  userAgent: null,
})
