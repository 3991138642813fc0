import { describe } from 'vitest'
import { havePackages } from './packages'
import { patroniRig } from './rig'
import { describeFailover } from './suite'

describe.skipIf(!havePackages())('under Patroni', () => describeFailover(patroniRig, { agentsApart: true }))
