'use client'

import { useElementSize } from '@mantine/hooks'
import clsx from 'clsx'
import { useState } from 'react'
import { Sankey } from 'recharts'
import type { LinkProps, NodeProps } from 'recharts/types/chart/Sankey'
import { formatNumber, formatShare } from '@/components/ui/format'
import type { FlowGraph, FlowNode } from './flow'
import classes from './flow-chart.module.css'

const NODE_WIDTH = 8
const MARGIN = { top: 12, right: 4, bottom: 12, left: 4 }
/** Pixels of a figure of small text, about. */
const LETTER = 7
/** Pixels of a node that has room for its count below its name. */
const TWO_LINES = 30

type Pointed = { node: number } | { link: number } | null

/** A Sankey chart: as wide as its box, a column a place of the path. */
export default function FlowChart({
  graph,
  columns,
  height,
}: {
  graph: FlowGraph
  columns: number
  height: number
}) {
  const { ref, width } = useElementSize()
  const [pointed, setPointed] = useState<Pointed>(null)
  const room = (width - MARGIN.left - MARGIN.right) / columns
  const started = graph.nodes.reduce((sum, node) => (node.position === 1 ? sum + node.count : sum), 0)
  const isLit = (link: number) => {
    const ends = graph.links[link]
    if (!pointed || !ends) return false
    return 'link' in pointed ? pointed.link === link : [ends.source, ends.target].includes(pointed.node)
  }
  return (
    <div ref={ref} className={classes.box} onPointerLeave={() => setPointed(null)}>
      {width > 0 && (
        <Sankey
          // Nodes by position are the same only while the graph is: a new one is laid out anew.
          width={width}
          height={height}
          data={graph}
          align="left"
          nodeWidth={NODE_WIDTH}
          nodePadding={18}
          // Room for the names of the last column, which stand right of their nodes as all do.
          margin={{ ...MARGIN, right: Math.max(MARGIN.right, room - NODE_WIDTH) }}
          iterations={48}
          accessibilityLayer={false}
          node={(props: NodeProps) => (
            <Node
              {...props}
              room={room}
              started={started}
              onPoint={() => setPointed({ node: props.index })}
            />
          )}
          link={(props: LinkProps) => (
            <Link {...props} lit={isLit(props.index)} onPoint={() => setPointed({ link: props.index })} />
          )}
        />
      )}
    </div>
  )
}

interface DrawnNode extends NodeProps {
  /** Pixels from one column to the next. */
  room: number
  started: number
  onPoint: () => void
}

function Node({ x, y, width, height, payload, room, started, onPoint }: DrawnNode) {
  const node = payload as unknown as FlowNode
  const count = formatNumber(node.count)
  const high = height >= TWO_LINES
  const letters = Math.floor((room - NODE_WIDTH - 12) / LETTER) - (high ? 0 : count.length + 1)
  const drawn = Math.max(2, height)
  return (
    <g onPointerEnter={onPoint}>
      <title>{`${node.name}: ${count} runs, ${formatShare(started > 0 ? node.count / started : null)}`}</title>
      <rect
        className={clsx(classes.node, classes[node.kind])}
        x={x}
        y={y + (height - drawn) / 2}
        width={width}
        height={drawn}
        rx={2}
      />
      <text className={classes.label} x={x + width + 6} y={y + height / 2} dy={high ? '-0.2em' : '0.36em'}>
        <tspan className={classes.name}>{cut(node.name, letters)}</tspan>
        <tspan className={classes.count} {...(high ? { x: x + width + 6, dy: '1.2em' } : { dx: 5 })}>
          {count}
        </tspan>
      </text>
    </g>
  )
}

interface DrawnLink extends LinkProps {
  lit: boolean
  onPoint: () => void
}

function Link(props: DrawnLink) {
  const { sourceX, sourceY, sourceControlX, targetX, targetY, targetControlX, linkWidth, payload } = props
  const from = payload.source as unknown as FlowNode
  const to = payload.target as unknown as FlowNode
  const share = formatShare(from.count > 0 ? payload.value / from.count : null)
  return (
    <path
      className={clsx(classes.link, to.kind !== 'step' && classes.ending, props.lit && classes.lit)}
      d={`M${sourceX},${sourceY}C${sourceControlX},${sourceY} ${targetControlX},${targetY} ${targetX},${targetY}`}
      strokeWidth={Math.max(1, linkWidth)}
      onPointerEnter={props.onPoint}
    >
      <title>{`${from.name} → ${to.name}: ${formatNumber(payload.value)} runs, ${share} of ${from.name}`}</title>
    </path>
  )
}

const cut = (text: string, letters: number): string =>
  text.length > letters ? `${text.slice(0, Math.max(1, letters - 1))}…` : text
