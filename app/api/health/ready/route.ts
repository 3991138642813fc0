import { only } from '@/lib/http/route'
import { isReady } from '@/lib/recovery/health/ready'

/** Whether this process should be sent records and readers: 200 or 503. It asks nothing of the database. */
export function GET(): Response {
  const { status, output } = isReady()
  return Response.json(
    { status, output },
    {
      status: status === 'fail' ? 503 : 200,
      headers: { 'content-type': 'application/health+json', 'cache-control': 'no-store' },
    },
  )
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
