import { contracts } from '@/lib/contracts'
import { openApi } from '@/lib/http/openapi'

/** The OpenAPI 3.1 document of every endpoint. */
export const GET = () => Response.json(openApi(contracts))
