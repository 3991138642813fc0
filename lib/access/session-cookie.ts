import { BASE_PATH } from '@/lib/http/base-path'

/**
 * The cookie of a session. Under a base path it has a name of its own, since another site of the host may have one of next-auth's
 * for all paths, which would count in the place of ours. By TLS `__Secure-` comes before it.
 */
export const SESSION_COOKIE = BASE_PATH
  ? `holdfast${BASE_PATH.replace(/\W/g, '-')}.session-token`
  : 'next-auth.session-token'
