/** Where to go after sign-in: a path of this site, never another one. */
export function safePath(wanted: string | null | undefined): string {
  // A browser reads `//host` and `/\host` as other sites.
  return wanted && /^\/(?![/\\])[^\s\\]*$/.test(wanted) && !wanted.startsWith('/sign-in')
    ? wanted
    : '/overview'
}
