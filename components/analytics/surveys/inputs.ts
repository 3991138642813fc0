import { given } from '@/components/analytics/inputs'
import type { listSurveys } from '@/lib/analytics/surveys/contract'
import type { InputOf } from '@/lib/http/client'

/** What the page of surveys asks for, on the server and in the browser. */
export const surveysInput = (project: string | null): InputOf<typeof listSurveys> => given({ project })
