/** About what a letter takes of a figure that is 900 pixels wide. */
const LETTER = 6.6 / 900

interface Labelled {
  name: string
  x: number
  /** Whether there is room for its name. */
  shown: boolean
  /** Whether the name stands before its place. */
  end: boolean
}

/** Which of the names have room, the newest first; a place that is taken already, such as the target’s, is kept free. */
export function placeLabels(points: { name: string; x: number }[], taken?: number): Labelled[] {
  const used: [number, number][] = taken === undefined ? [] : [[taken - 0.04, taken + 0.04]]
  return points
    .toSorted((a, b) => b.x - a.x)
    .map(({ name, x }) => {
      const width = name.length * LETTER + 0.012
      const end = x + width > 0.99
      const [from, to] = end ? [x - width, x] : [x, x + width]
      const shown = from > 0 && used.every(([left, right]) => to < left || from > right)
      if (shown) used.push([from, to])
      return { name, x, shown, end }
    })
}
