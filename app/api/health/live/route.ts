import { only } from '@/lib/http/route'

/** Whether this process serves; it asks nothing of the database. */
export const GET = () =>
  Response.json(
    { status: 'pass' },
    { headers: { 'content-type': 'application/health+json', 'cache-control': 'no-store' } },
  )

export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
