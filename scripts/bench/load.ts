import autocannon from 'autocannon'

export interface Target {
  url: string
  key: string
}

const AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'
/** Batches under way at once. */
const CLIENTS = 4

const headersFor = ({ key }: Target) => ({
  authorization: `Bearer ${key}`,
  'content-type': 'application/json',
  'user-agent': AGENT,
})

/** Requests a second of a path, each with a new body. @throws Error if any was not answered with 202 */
export async function requestRate(
  target: Target,
  path: string,
  body: () => string,
  connections: number,
  seconds: number,
): Promise<number> {
  const result = await autocannon({
    url: target.url + path,
    method: 'POST',
    connections,
    duration: seconds,
    headers: headersFor(target),
    requests: [{ setupRequest: (request) => ({ ...request, body: body() }) }],
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${path}: ${result.non2xx} refused, ${result.errors} errors`)
  return result['2xx'] / result.duration
}

/** Rows a second through the batch API. @throws Error if a row was not accepted */
export async function postBatches(target: Target, records: object[], size: number): Promise<number> {
  const bodies = Array.from({ length: records.length / size }, (_, index) =>
    JSON.stringify({ records: records.slice(index * size, index * size + size) }),
  )
  const started = performance.now()
  const queue = [...bodies]
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (let body = queue.shift(); body; body = queue.shift()) {
        const response = await fetch(`${target.url}/api/analytics/user/events/batch`, {
          method: 'POST',
          headers: headersFor(target),
          body,
        })
        const receipt = await response.json()
        if (receipt.accepted !== size)
          throw new Error(`${response.status} ${JSON.stringify(receipt).slice(0, 200)}`)
      }
    }),
  )
  return (records.length / (performance.now() - started)) * 1_000
}
