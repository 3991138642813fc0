import { createSurvey, listSurveys } from '@/lib/analytics/surveys/contract'
import { findSurveys, makeSurvey } from '@/lib/analytics/surveys/service'
import { only, route } from '@/lib/http/route'

export const GET = route(listSurveys, findSurveys)
export const POST = route(createSurvey, makeSurvey)
export const { PUT, PATCH, DELETE, OPTIONS } = only('GET', 'POST')
