import { describe } from 'vitest'
import { patroniRig } from './rig'
import { describeFailover } from './suite'

describe('under Patroni', () => describeFailover(patroniRig, { agentsApart: true }))
