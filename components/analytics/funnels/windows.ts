/** Windows to choose from, as the API writes them. */
export const windows = ['30m', '1h', '12h', '1d', '3d', '7d', '14d', '30d', '90d']

const units: Record<string, string> = { m: 'minute', h: 'hour', d: 'day', w: 'week' }

/** 7 days, for 7d; what is no window stands as it is. */
export function windowLabel(window: string): string {
  const count = Number(window.slice(0, -1))
  const unit = units[window.slice(-1)]
  return unit && Number.isInteger(count) ? `${count} ${unit}${count === 1 ? '' : 's'}` : window
}
