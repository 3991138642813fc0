import { atLeast, type ProjectCaller, type Role, roleIn } from '@/lib/access/caller'
import { Problem } from '@/lib/http/problem'

/** Who keeps something that all in a project see: an account, or a key; null for what the server does by itself. */
export const makerOf = ({ account, keyId }: ProjectCaller): string | null =>
  account?.id ?? (keyId === undefined ? null : `key ${keyId}`)

/**
 * What is shared is changed by its maker, or by an operator of the project.
 *
 * @param maker as `makerOf` said it; null, if it is not known any more
 * @throws Problem 403
 */
export function refuseStranger(caller: ProjectCaller, maker: string | null): void {
  const role = roleOf(caller)
  if ((role && atLeast(role, 'operator')) || makerOf(caller) === maker) return
  throw new Problem(403, 'Somebody else has made this: they may change it, or an operator of the project.')
}

/**
 * For what others notice: what users of the apps are asked, what people are woken by. A viewer may make what is seen here
 * alone, such as a saved funnel. It does not go by the maker: whoever made it as an operator may be a viewer now.
 *
 * @throws Problem 403 for a viewer of the project
 */
export function refuseViewer(caller: ProjectCaller): void {
  const role = roleOf(caller)
  if (role && !atLeast(role, 'operator'))
    throw new Problem(403, `This needs the role operator in the project; you are ${role}.`)
}

/** Null for a key. */
const roleOf = ({ account, project }: ProjectCaller): Role | null => account && roleIn(account, project.id)
