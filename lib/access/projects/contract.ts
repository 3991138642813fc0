import { z } from 'zod'
import { text, timezone } from '@/lib/analytics/parameters/contract'
import { endpoint } from '@/lib/http/endpoint'

const ORIGIN = /^(?:\*|https?:\/\/(?:\*\.)?[a-z0-9.-]+(?::(?:\d{1,5}|\*))?)$/

const project = z.object({
  id: z.string(),
  name: z.string(),
  allowedOrigins: z.array(z.string()),
  timezone: z.string(),
  retentionDays: z.number().int().nullable(),
  createdAt: z.iso.datetime(),
  role: z.enum(['viewer', 'operator', 'admin']).describe('What you may do in it'),
})
export type ProjectItem = z.infer<typeof project>

const fields = {
  name: text(100).trim().min(1, 'A name is needed'),
  allowedOrigins: z
    .array(
      z
        .string()
        .max(200)
        .regex(ORIGIN, 'Expected an origin such as https://shop.example, http://localhost:* or *'),
    )
    .max(50),
  timezone,
  retentionDays: z.number().int().min(1).max(36_500).nullable(),
}

export const listProjects = endpoint({
  id: 'listProjects',
  method: 'GET',
  path: '/api/access/projects',
  access: 'viewer',
  summary: 'The projects that you see, oldest first',
  input: z.strictObject({}),
  output: z.object({ projects: z.array(project) }),
})

export const createProject = endpoint({
  id: 'createProject',
  method: 'POST',
  path: '/api/access/projects',
  access: 'admin',
  summary: 'Make a project',
  input: z.strictObject({
    name: fields.name,
    allowedOrigins: fields.allowedOrigins.default([]),
    timezone: fields.timezone.default('UTC'),
    retentionDays: fields.retentionDays.default(null),
  }),
  output: z.object({ project }),
  status: 201,
})

export const updateProject = endpoint({
  id: 'updateProject',
  method: 'PATCH',
  path: '/api/access/projects/{id}',
  access: 'admin',
  summary: 'Change a project',
  input: z.strictObject({ id: z.uuid() }).extend(z.object(fields).partial().shape),
  output: z.object({ project }),
})
