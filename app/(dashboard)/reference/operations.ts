import type { Field, Operation } from '@/components/reference/operation'
import { SESSION_COOKIE } from '@/lib/access/session-cookie'
import { contracts } from '@/lib/contracts'
import { env } from '@/lib/env'
import type { Access, Endpoint } from '@/lib/http/endpoint'
import { openApi } from '@/lib/http/openapi'

/** The part of JSON Schema that our document uses. */
interface Schema {
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  format?: string
  default?: unknown
  minimum?: number
  maximum?: number
  maxLength?: number
  description?: string
}

const accessWords: Record<Access, string> = {
  public: 'anyone',
  record: 'write or secret key',
  read: 'secret key, or signed in',
  viewer: 'signed in: viewer',
  operator: 'signed in: operator',
  admin: 'signed in: admin',
}

/** What was made of the endpoints, which are the same for as long as the process runs. */
let made: Operation[] | undefined

/** Every endpoint of the OpenAPI document, flattened for the reader. */
export function operations(): Operation[] {
  made ??= makeOperations()
  return made
}

function makeOperations(): Operation[] {
  const document = openApi(contracts)
  return contracts.map((endpoint) => {
    const found = document.paths[endpoint.path]?.[endpoint.method.toLowerCase()] as Found
    const status = String(endpoint.status ?? 200)
    const body = schemaOf(found.requestBody)
    return {
      id: endpoint.id,
      group: groupOf(endpoint.path),
      method: endpoint.method,
      path: endpoint.path,
      access: accessWords[endpoint.access],
      summary: endpoint.summary,
      description: endpoint.description,
      parameters: found.parameters.map(({ name, required, description, schema }) => ({
        name,
        type: typeOf(schema),
        required,
        description,
      })),
      body: body ? fieldsOf(body) : [],
      status,
      answer: fieldsOf(schemaOf(found.responses[status]) ?? {}),
      curl: curlOf(endpoint, body),
    }
  })
}

interface Content {
  /** By what it is: JSON, or something else, of which there is one. */
  content: Record<string, { schema: Schema }>
}

const schemaOf = (one: Content | undefined): Schema | undefined =>
  Object.values(one?.content ?? {})[0]?.schema

interface Found {
  parameters: { name: string; required: boolean; description?: string; schema: Schema }[]
  requestBody?: Content
  responses: Record<string, Content | undefined>
}

const names: Record<string, string> = {
  analytics: 'Analytics',
  'disaster-recovery': 'Recovery',
  access: 'Access',
}

function groupOf(path: string): string {
  const [, , area = '', first = '', second = ''] = path.split('/')
  const noun = area === 'analytics' ? second : first
  return `${names[area] ?? area}: ${noun}`
}

function fieldsOf(schema: Schema, prefix = ''): Field[] {
  const variants = schema.oneOf ?? schema.anyOf
  if (variants) return fieldsOfAny(variants, prefix)
  const required = new Set(schema.required)
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const [object, suffix] = objectIn(inner)
    const field = {
      name: prefix + name,
      type: typeOf(inner),
      required: required.has(name),
      description: inner.description,
    }
    return object ? [field, ...fieldsOf(object, `${prefix}${name}${suffix}.`)] : [field]
  })
}

/** The fields of one object or another: required are those that all of them require. */
function fieldsOfAny(variants: Schema[], prefix: string): Field[] {
  const fields = variants.map((variant) => fieldsOf(variant, prefix))
  const named = new Map(fields.flat().map((field) => [field.name, field]))
  return [...named.values()].map((field) => ({
    ...field,
    required: fields.every((some) => some.some(({ name, required }) => required && name === field.name)),
  }))
}

/** The object in a schema, be it nullable or the item of a list. */
function objectIn(schema: Schema): [Schema | undefined, string] {
  const [first, ...others] = (schema.anyOf ?? [schema]).filter((one) => one.type !== 'null')
  if (!first || others.length > 0) return [undefined, '']
  if (first.items?.properties) return [first.items, '[]']
  return [first.properties ? first : undefined, '']
}

function typeOf(schema: Schema): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.items) return `list of ${typeOf(schema.items)}`
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'any')
  const preset = schema.default === undefined ? '' : ` = ${JSON.stringify(schema.default)}`
  return `${schema.format ?? type}${preset}`
}

const samples: Record<string, unknown> = {
  userId: 'user-1',
  type: 'page_view',
  pageUrl: 'https://shop.example/pricing',
  records: [{ kind: 'event', userId: 'user-1', name: 'signed_up' }],
  name: 'Web shop',
  kind: 'write',
  timezone: 'Europe/Berlin',
}

/** A call to copy: what is required, and for records the fields that one would begin with. */
function curlOf(endpoint: Endpoint, body: Schema | undefined): string {
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, '$1')
  const key = endpoint.access === 'record' ? 'wk_…' : 'sk_…'
  const signedIn = !['public', 'record', 'read'].includes(endpoint.access)
  const lines = [
    `curl ${endpoint.method === 'GET' ? '' : `-X ${endpoint.method} `}${env().NEXTAUTH_URL}${path}`,
    signedIn ? `-H 'Cookie: ${SESSION_COOKIE}=…'` : `-H 'Authorization: Bearer ${key}'`,
  ]
  if (body) {
    const chosen = endpoint.id === 'trackEvent' ? ['userId', 'type', 'pageUrl'] : (body.required ?? ['name'])
    const values = Object.fromEntries(chosen.map((name) => [name, samples[name] ?? '…']))
    lines.push(`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(values)}'`)
  }
  return lines.join(' \\\n  ')
}
