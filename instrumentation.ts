/** Runs once as the server starts: the leader must be known before the first request is served. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { followLeader } = await import('@/lib/database')
  await followLeader()
}
