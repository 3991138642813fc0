import { z } from 'zod'
import { text, timezone } from '@/lib/analytics/parameters/contract'
import { endpoint } from '@/lib/http/endpoint'

/** `file://` and `null` are what apps send that show pages of their own. */
const ORIGIN = /^(?:\*|null|file:\/\/|[a-z][a-z0-9+.-]*:\/\/(?:\*\.)?[a-z0-9._-]+(?::(?:\d{1,5}|\*))?)$/

const project = z.object({
  id: z.string(),
  name: z.string(),
  allowedOrigins: z.array(z.string()),
  timezone: z.string(),
  retentionDays: z.number().int().nullable(),
  dropBots: z.boolean(),
  allowedAgents: z.array(z.string()),
  hashRoutes: z.boolean(),
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
        .regex(
          ORIGIN,
          'Expected an origin such as https://shop.example, http://localhost:*, capacitor://localhost or *',
        ),
    )
    .max(50),
  timezone,
  retentionDays: z.number().int().min(1).max(36_500).nullable(),
  dropBots: z
    .boolean()
    .describe('Records of crawlers, monitors and headless browsers are counted, and not stored'),
  allowedAgents: z
    .array(text(200).trim().min(1))
    .max(50)
    .describe('User agents that contain one of these are no bots'),
  hashRoutes: z.boolean().describe('What stands after #/ in an address is part of the page'),
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
    dropBots: fields.dropBots.default(true),
    allowedAgents: fields.allowedAgents.default([]),
    hashRoutes: fields.hashRoutes.default(false),
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

export const deleteProject = endpoint({
  id: 'deleteProject',
  method: 'DELETE',
  path: '/api/access/projects/{id}',
  access: 'admin',
  summary: 'Delete a project with everything in it, for good',
  description:
    'In one transaction: its records of all kinds, what was counted from them, its keys, memberships, funnels, surveys and alerts. Its name has to be given to confirm.',
  input: z.strictObject({ id: z.uuid(), confirm: text(100).describe('The name of the project') }),
  output: z.object({
    id: z.string(),
    name: z.string(),
    deletedAt: z.iso.datetime(),
    deleted: z.record(z.string(), z.number().int()).describe('Rows by table'),
    notes: z.array(z.string()).describe('What the deletion does not reach'),
  }),
})
