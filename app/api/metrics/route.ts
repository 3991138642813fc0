import { identifyKey } from '@/lib/access/identify'
import { Problem } from '@/lib/http/problem'
import { only } from '@/lib/http/route'
import { writeMetrics } from '@/lib/recovery/health/metrics'

/** Metrics for Prometheus, to a secret key: what is in them is not for everyone. */
export async function GET(request: Request): Promise<Response> {
  try {
    await identifyKey(request.headers, 'read')
    const { text, type } = await writeMetrics()
    return new Response(text, { headers: { 'content-type': type, 'cache-control': 'no-store' } })
  } catch (error) {
    if (error instanceof Problem) return error.toResponse()
    throw error
  }
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
