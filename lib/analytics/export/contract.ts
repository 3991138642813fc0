import { z } from 'zod'
import { word } from '@/lib/analytics/parameters/contract'
import { endpoint } from '@/lib/http/endpoint'

export const exportRecords = endpoint({
  id: 'exportRecords',
  method: 'GET',
  path: '/api/analytics/user/export',
  access: 'read',
  summary: 'Every record of a project, a JSON object a line',
  description:
    'Kind by kind, in order of time, each in the shape in which a batch takes it: `npm run import` reads it back. What is recorded meanwhile may be in it or not. The last line, `{"kind":"end","records":…}`, says that nothing is missing.',
  input: z.strictObject({ project: word.optional() }),
  output: z.string(),
  media: 'application/x-ndjson',
})
