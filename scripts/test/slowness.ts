import { spawnSync } from 'node:child_process'

/** How long an empty Node.js takes to start and end on the machine that the tests' times were written for, in ms. */
const USUAL_MS = 60
/** Beyond this a test would wait for what never comes, rather than for a slow machine. */
const MOST = 6

process.env.HOLDFAST_SLOWNESS ??= String(measure())

/**
 * How many times longer than usual the tests wait here, 1 to 6: 1 on a machine as quick as the one that their times were
 * written for, more on a slower or busier one. Measured once for a run; workers inherit it. It is for waiting alone: what
 * the product promises in seconds is asserted as it is.
 */
export const slowness = Number(process.env.HOLDFAST_SLOWNESS)

function measure(): number {
  const once = () => {
    const begun = performance.now()
    spawnSync(process.execPath, ['-e', '0'])
    return performance.now() - begun
  }
  const quickest = Math.min(once(), once(), once())
  return Math.min(MOST, Math.max(1, Math.round((10 * quickest) / USUAL_MS) / 10))
}
