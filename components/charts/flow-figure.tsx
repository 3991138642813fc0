'use client'

import dynamic from 'next/dynamic'
import { type Flow, flowColumns, flowHeight, graphOf } from './flow'
import classes from './flow-chart.module.css'

/** Pixels that a column needs for its names. */
const COLUMN = 140

// Recharts draws nothing on a server and is large: the box stands in the first HTML, at its height, and it comes later.
const FlowChart = dynamic(() => import('./flow-chart'), { ssr: false })

/** A flow in a box of its own, which scrolls sideways where there is no room; its rows stand in the table beside it. */
export function FlowFigure({ flow }: { flow: Flow }) {
  const graph = graphOf(flow)
  const columns = flowColumns(graph)
  const height = flowHeight(graph)
  if (graph.nodes.length === 0) return <p className={classes.none}>No step follows another in this range.</p>
  return (
    // What scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section className={classes.scroll} aria-label="Flow chart" tabIndex={0}>
      <div
        className={classes.figure}
        style={{ minWidth: columns * COLUMN, height }}
        role="img"
        aria-label={`Flow of ${graph.nodes.length} steps and ends in ${columns} columns; the table has its numbers`}
      >
        <FlowChart graph={graph} columns={columns} height={height} />
      </div>
    </section>
  )
}
