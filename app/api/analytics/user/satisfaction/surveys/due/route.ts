import { listDueSurveys } from '@/lib/analytics/surveys/contract'
import { findDueSurveys } from '@/lib/analytics/surveys/service'
import { only, route } from '@/lib/http/route'

export const GET = route(listDueSurveys, findDueSurveys)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
