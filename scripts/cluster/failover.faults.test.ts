import { describe } from 'vitest'
import { localRig } from '@/scripts/ha/local-rig'
import { describeFailover } from '@/scripts/ha/suite'

describe('on the local cluster', () => describeFailover(localRig))
