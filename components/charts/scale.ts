/** Round numbers from 0 to at least the highest value, about four steps. */
export function niceTicks(highest: number): number[] {
  if (highest <= 0) return [0, 1]
  const rough = highest / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = [1, 2, 2.5, 5, 10].find((step) => step * power >= rough) ?? 10
  // Counts have no halves.
  const step = Math.max(1, factor * power)
  const ticks = [0]
  while ((ticks.at(-1) ?? 0) < highest) ticks.push((ticks.at(-1) ?? 0) + step)
  return ticks
}

/** The same for bytes: round in the unit that the highest is written in. */
export function byteTicks(highest: number): number[] {
  const unit = 1024 ** Math.max(0, Math.floor(Math.log2(Math.max(1, highest)) / 10))
  return niceTicks(highest / unit).map((tick) => tick * unit)
}

/** Indices of at most `count` points at equal distances, from the first on. */
export function spread(length: number, count: number): number[] {
  const step = Math.max(1, Math.ceil((length - 1) / (count - 1)))
  return Array.from({ length: Math.ceil(length / step) }, (_, index) => index * step)
}
