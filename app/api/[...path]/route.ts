import { atBase } from '@/lib/http/base-path'
import { Problem } from '@/lib/http/problem'

/** Any path of the API that is not there. */
const missing = async () =>
  new Problem(404, `There is no such path in the API; see ${atBase('/api/openapi.json')}.`).toResponse()

export {
  missing as DELETE,
  missing as GET,
  missing as OPTIONS,
  missing as PATCH,
  missing as POST,
  missing as PUT,
}
