import { atLeast, type ProjectCaller, roleIn } from '@/lib/access/caller'
import { Problem } from '@/lib/http/problem'

/**
 * For what others notice: what users of the apps are asked, what people are woken by. A viewer may make what is seen here
 * alone, such as a saved funnel, and change their own.
 *
 * @throws Problem 403 for a viewer of the project
 */
export function refuseViewer({ account, project }: ProjectCaller): void {
  const role = account && roleIn(account, project.id)
  if (role && !atLeast(role, 'operator'))
    throw new Problem(403, `This needs the role operator in the project; you are ${role}.`)
}
