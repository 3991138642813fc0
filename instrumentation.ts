/** Runs once as the server starts: the leader must be known before the first request, and what was spooled goes before it. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { followLeader } = await import('@/lib/database')
  const { spool } = await import('@/lib/analytics/ingest/spool/spool')
  const { reportIngest } = await import('@/lib/analytics/ingest/report')
  await followLeader()
  spool()
  reportIngest()
}
