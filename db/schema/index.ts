export * from './access'
export * from './analytics'
export * from './recovery'
export * from './rollups'
