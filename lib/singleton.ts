const made = globalThis as typeof globalThis & { holdfast?: Map<string, unknown> }

/**
 * One value a process. Next.js bundles pages and routes apart, so a module's own variable may exist more than once.
 */
export function singleton<T>(name: string, make: () => T): T {
  made.holdfast ??= new Map()
  if (!made.holdfast.has(name)) made.holdfast.set(name, make())
  return made.holdfast.get(name) as T
}
