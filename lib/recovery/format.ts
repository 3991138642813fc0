/** Bytes for a sentence: `0 bytes`, `512 bytes`, `1.5 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} byte${bytes === 1 ? '' : 's'}`
  const power = Math.min(4, Math.floor(Math.log2(bytes) / 10))
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${['', 'kB', 'MB', 'GB', 'TB'][power]}`
}

/** A share for a sentence: `12.5%`. */
export const formatPercent = (share: number): string => `${Number((share * 100).toFixed(1))}%`

/** Seconds for a sentence: `3 s`, `2 min`, `5 h`, `3 d`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}

/** An LSN as PostgreSQL writes it, from its number of bytes. */
export function formatLsn(lsn: number): string {
  const value = BigInt(lsn)
  return `${(value >> 32n).toString(16).toUpperCase()}/${(value & 0xffffffffn).toString(16).toUpperCase()}`
}
