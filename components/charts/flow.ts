/** How a run ended: it was completed, it reached the end that was asked for, it left, or nobody knows which. */
export type FlowEnd = 'completed' | 'reached' | 'left' | 'ended'

/** From a step at a place of the path to the step after it, or to the run's end there. */
export interface FlowLink {
  /** From 1. */
  position: number
  from: string
  to: string | { end: FlowEnd }
  count: number
}
export type Flow = FlowLink[]

export interface FlowNode {
  name: string
  /** The column, from 1. */
  position: number
  kind: 'step' | FlowEnd
  count: number
}

export interface FlowGraph {
  nodes: FlowNode[]
  /** By the index of nodes. */
  links: { source: number; target: number; value: number }[]
}

const words: Record<FlowEnd, string> = {
  completed: 'Completed',
  reached: 'Reached the end',
  left: 'Left',
  ended: 'Ended',
}

/** The graph of a flow: a step at another place is another node, so that no path comes back to where it was. */
export function graphOf(flow: Flow): FlowGraph {
  const nodes: FlowNode[] = []
  const indices = new Map<string, number>()
  const indexOf = (position: number, name: string, kind: FlowNode['kind']): number => {
    const key = `${position}·${kind}·${name}`
    const known = indices.get(key)
    if (known !== undefined) return known
    indices.set(key, nodes.length)
    return nodes.push({ name, position, kind, count: 0 }) - 1
  }
  const links = flow.map(({ position, from, to, count }) => ({
    source: indexOf(position, from, 'step'),
    target:
      typeof to === 'string'
        ? indexOf(position + 1, to, 'step')
        : indexOf(position + 1, words[to.end], to.end),
    value: count,
  }))
  for (const [index, node] of nodes.entries()) {
    const sum = (side: 'source' | 'target') =>
      links.reduce((all, link) => (link[side] === index ? all + link.value : all), 0)
    node.count = Math.max(sum('source'), sum('target'))
  }
  return { nodes, links }
}

/** Pixels that a graph needs to be legible: by its fullest column. */
export function flowHeight({ nodes }: FlowGraph): number {
  const columns = new Map<number, number>()
  for (const { position } of nodes) columns.set(position, (columns.get(position) ?? 0) + 1)
  return Math.max(220, Math.max(0, ...columns.values()) * 40)
}

/** Columns of a graph. */
export const flowColumns = ({ nodes }: FlowGraph): number =>
  Math.max(1, ...nodes.map(({ position }) => position))
