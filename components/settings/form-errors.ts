import { RequestError } from '@/lib/http/client'

/** Whether all that is wrong stands at fields of the form, so that nothing needs to be said above it. */
export const isAtFields = (error: Error): boolean =>
  error instanceof RequestError && error.errors.length > 0 && error.errors.every(({ path }) => path !== '')

/** The server's messages by the form's fields; those of an item of a list stand at the list. */
export function fieldMessages(error: Error): Record<string, string> {
  if (!(error instanceof RequestError)) return {}
  const messages: Record<string, string> = {}
  for (const { path, message } of error.errors) {
    const [field = '', ...rest] = path.split('.')
    const index = Number(rest[0])
    const text = rest.length > 0 && Number.isInteger(index) ? `No. ${index + 1}: ${message}` : message
    messages[field] = messages[field] ? `${messages[field]}; ${text}` : text
  }
  return messages
}
