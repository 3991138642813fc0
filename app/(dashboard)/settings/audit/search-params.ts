import { createLoader } from 'nuqs/server'
import { auditParsers } from '@/components/settings/inputs'

export const loadSearch = createLoader(auditParsers)
