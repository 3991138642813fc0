import { isIP, isIPv6 } from 'node:net'

/** The web server says here who is connected; what a client sends in it is replaced. */
export const ADDRESS_HEADER = 'x-holdfast-address'

/** Whoever sent a request, for limits; nothing keeps it. */
export const clientAddress = (headers: Headers): string => headers.get(ADDRESS_HEADER) ?? 'unknown'

/**
 * The address that limits go by: of the connection, or, where that is a proxy which may be believed, the one that the proxy
 * added last, if it is one. Of IPv6 the network, since whoever has one address has all of it.
 */
export function addressOf(
  remote: string | undefined,
  forwarded: string | undefined,
  proxied: boolean,
): string {
  const named = proxied ? withoutPort(forwarded?.split(',').at(-1)?.trim() ?? '') : ''
  const address = (isIP(named) ? named : (remote ?? 'unknown')).replace(/^::ffff:(?=[\d.]+$)/, '')
  return isIPv6(address) ? networkOf(address) : address
}

/** Some proxies add the port of the connection: `192.0.2.1:51432`, `[2001:db8::1]:51432`. */
const withoutPort = (address: string): string =>
  address.replace(/^\[(.+)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1')

/** The first 64 bits, written out: `2001:db8::1` is in `2001:db8:0:0`. */
function networkOf(address: string): string {
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? []
  const groups = (part: string | undefined) => (part ? part.split(':') : [])
  const [first, last] = [groups(head), groups(tail)]
  const zeros = tail === undefined ? [] : Array(Math.max(0, 8 - first.length - last.length)).fill('0')
  return [...first, ...zeros, ...last]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
