import { atBase } from '@/lib/http/base-path'
import { RequestError } from '@/lib/http/client'
import { tracker } from './tracker'

/**
 * Ends the session of this browser, by what next-auth's own part in the browser would send: that is a twentieth of what every
 * page loads, for this alone. Whoever signs in next on this device is someone else.
 *
 * @throws RequestError when the session goes on
 */
export async function leave(): Promise<void> {
  const { csrfToken } = await (await fetch(atBase('/api/auth/csrf'))).json()
  const body = new URLSearchParams({ csrfToken, json: 'true' })
  const { ok, status } = await fetch(atBase('/api/auth/signout'), { method: 'POST', body })
  if (!ok) throw new RequestError(status, `The server answered ${status}.`)
  tracker.reset()
  // Not where the server believes to be: people may come by another of its names.
  window.location.assign(atBase('/sign-in'))
}
