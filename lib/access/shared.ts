import { atLeast, type ProjectCaller, roleIn } from '@/lib/access/caller'
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
  const role = caller.account && roleIn(caller.account, caller.project.id)
  if ((role && atLeast(role, 'operator')) || makerOf(caller) === maker) return
  throw new Problem(403, 'Somebody else has made this: they may change it, or an operator of the project.')
}
