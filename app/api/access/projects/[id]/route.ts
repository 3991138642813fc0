import { deleteProject, updateProject } from '@/lib/access/projects/contract'
import { changeProject, removeProject } from '@/lib/access/projects/service'
import { only, route } from '@/lib/http/route'

export const PATCH = route(updateProject, changeProject)
export const DELETE = route(deleteProject, removeProject)
export const { GET, POST, PUT, OPTIONS } = only('PATCH', 'DELETE')
