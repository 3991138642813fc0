import { deleteSurvey, updateSurvey } from '@/lib/analytics/surveys/contract'
import { changeSurvey, forgetSurvey } from '@/lib/analytics/surveys/service'
import { only, route } from '@/lib/http/route'

export const PATCH = route(updateSurvey, changeSurvey)
export const DELETE = route(deleteSurvey, forgetSurvey)
export const { GET, POST, PUT, OPTIONS } = only('PATCH', 'DELETE')
