import { updateProject } from '@/lib/access/projects/contract'
import { changeProject } from '@/lib/access/projects/service'
import { only, route } from '@/lib/http/route'

export const PATCH = route(updateProject, changeProject)
export const { GET, POST, PUT, DELETE, OPTIONS } = only('PATCH')
