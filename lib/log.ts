type Level = 'info' | 'warn' | 'error'

/** Writes one JSON line to standard error: `{at, level, message, …fields}`; an Error among the fields keeps its stack. */
export function log(level: Level, message: string, fields: Record<string, unknown> = {}): void {
  const line = { at: new Date().toISOString(), level, message, ...fields }
  process.stderr.write(
    `${JSON.stringify(line, (_key, value) => (value instanceof Error ? errorFields(value) : value))}\n`,
  )
}

function errorFields(error: Error): Record<string, unknown> {
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    cause: error.cause,
    code: (error as { code?: string }).code,
  }
}
