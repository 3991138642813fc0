import { start } from './index'
import type { Holdfast, Options } from './types'

export type * from './types'

const started: Record<string, Holdfast> = {}

/** The entry of `holdfast.mjs`: starts the tracker for a project, once, however often an app renders what asks for it. */
export function init(options: Options): Holdfast {
  started[options.key] ??= start(options)
  return started[options.key] as Holdfast
}
