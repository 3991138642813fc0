import { z } from 'zod'
import { SESSION_COOKIE } from '@/lib/access/session-cookie'
import { BASE_PATH } from '@/lib/http/base-path'
import type { Access, Endpoint } from '@/lib/http/endpoint'

type Schema = Record<string, unknown> & { properties?: Record<string, Schema>; required?: string[] }

const security: Record<Access, object[]> = {
  public: [],
  record: [{ writeKey: [] }, { secretKey: [] }],
  read: [{ secretKey: [] }, { session: [] }],
  viewer: [{ session: [] }],
  operator: [{ session: [] }],
  admin: [{ session: [] }],
}

/** The OpenAPI 3.1 document of these endpoints, made from their schemas. */
export function openApi(endpoints: Endpoint[]) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operation(endpoint) }
  }
  return {
    openapi: '3.1.0',
    servers: [{ url: BASE_PATH || '/' }],
    info: { title: 'Holdfast', version: '0.1.0', license: { name: 'MIT', identifier: 'MIT' } },
    paths,
    components: {
      securitySchemes: {
        writeKey: { type: 'http', scheme: 'bearer', description: 'wk_…: records only; safe in a browser' },
        secretKey: { type: 'http', scheme: 'bearer', description: 'sk_…: records and reads; for servers' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: SESSION_COOKIE,
          description: 'Signed in to the dashboard',
        },
      },
      schemas: { Problem: problemSchema },
    },
  }
}

function operation(endpoint: Endpoint) {
  const input = jsonSchema(endpoint.input, 'input')
  const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string)
  const inQuery = endpoint.method === 'GET' || endpoint.method === 'DELETE'
  const required = new Set(input.required)
  const parameters = Object.entries(input.properties ?? {})
    .filter(([name]) => inQuery || inPath.includes(name))
    .map(([name, schema]) => ({
      name,
      in: inPath.includes(name) ? 'path' : 'query',
      required: required.has(name),
      description: schema.description,
      schema,
    }))
  const content = {
    [endpoint.media ?? 'application/json']: { schema: jsonSchema(endpoint.output, 'output') },
  }
  return {
    operationId: endpoint.id,
    tags: [endpoint.path.split('/').slice(2, 4).join('/')],
    summary: endpoint.summary,
    description: endpoint.description,
    security: security[endpoint.access],
    parameters,
    requestBody: inQuery
      ? undefined
      : { required: true, content: { 'application/json': { schema: without(input, inPath) } } },
    responses: {
      [String(endpoint.status ?? 200)]: { description: 'Done', content },
      ...(endpoint.acceptedWith && {
        '202': { description: `Accepted: it goes on as ${endpoint.acceptedWith}`, content },
      }),
      default: {
        description: 'A problem (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest as Schema
}

function without(schema: Schema, names: string[]): Schema {
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name)),
  )
  return { ...schema, properties, required: schema.required?.filter((name) => !names.includes(name)) }
}

const problemSchema = {
  type: 'object',
  required: ['title', 'status', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } },
    },
  },
}
