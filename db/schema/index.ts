export * from './access'
export * from './analytics'
export * from './rollups'
