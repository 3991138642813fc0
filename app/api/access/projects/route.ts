import { createProject, listProjects } from '@/lib/access/projects/contract'
import { findProjects, makeProject } from '@/lib/access/projects/service'
import { only, route } from '@/lib/http/route'

export const GET = route(listProjects, findProjects)
export const POST = route(createProject, makeProject)
export const { PUT, PATCH, DELETE, OPTIONS } = only('GET', 'POST')
