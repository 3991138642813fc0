import { contracts } from '@/lib/contracts'
import { openApi } from '@/lib/http/openapi'
import { only } from '@/lib/http/route'

/** The OpenAPI 3.1 document of every endpoint. */
export const GET = () => Response.json(openApi(contracts))

export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
