import { env } from '@/lib/env'
import { Problem } from '@/lib/http/problem'

/** The ceiling that `npm run bench:ingest` measures against: parses JSON and answers. Open only under HOLDFAST_BENCH. */
export async function POST(request: Request): Promise<Response> {
  if (!env().HOLDFAST_BENCH)
    return new Problem(404, 'There is no such path in the API; see /api/openapi.json.').toResponse()
  await request.json()
  return Response.json({ accepted: 1 }, { status: 202 })
}
