export * from './access'
export * from './analytics'
