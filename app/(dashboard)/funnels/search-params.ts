import { createLoader } from 'nuqs/server'
import { funnelParsers, funnelsParsers } from '@/components/analytics/funnels/search-params'

export const loadFunnelsSearch = createLoader(funnelsParsers)
export const loadFunnelSearch = createLoader(funnelParsers)
