/** What the suite calls of lib. Loaded when the environment is set, which it reads once. */
export const loadLib = async () => ({
  service: await import('@/lib/recovery/failover/service'),
  resume: await import('@/lib/recovery/operations/resume'),
  run: await import('@/lib/recovery/operations/run'),
  store: await import('@/lib/recovery/operations/store'),
  operations: await import('@/lib/recovery/operations/service'),
  journal: await import('@/lib/recovery/journal/file'),
  members: await import('@/lib/recovery/members/service'),
  fence: await import('@/lib/recovery/members/fence'),
  topology: await import('@/lib/recovery/topology/service'),
})
export type Lib = Awaited<ReturnType<typeof loadLib>>
