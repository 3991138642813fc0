type Level = 'info' | 'warn' | 'error'

/**
 * Writes one JSON line to standard error: `{at, level, message, …fields}`; an Error among the fields keeps its stack. Of one of
 * the database only its code is kept: its words hold what was asked for or refused, such as ids of users.
 */
export function log(level: Level, message: string, fields: Record<string, unknown> = {}): void {
  const line = { at: new Date().toISOString(), level, message, ...fields }
  process.stderr.write(
    `${JSON.stringify(line, (_key, value) => (value instanceof Error ? errorFields(value) : value))}\n`,
  )
}

function errorFields(error: Error): Record<string, unknown> {
  if (isOfDatabase(error)) {
    const { name, code, cause, stack } = error as Error & { code?: string }
    return { name, code, cause, stack: stack?.split('\n').filter((line) => /^\s+at /.test(line)) }
  }
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    cause: error.cause,
    code: (error as { code?: string }).code,
  }
}

/** Drizzle's, with the statement and its parameters, or PostgreSQL's own, which quotes values. */
const isOfDatabase = (error: Error): boolean => 'params' in error || 'severity' in error
