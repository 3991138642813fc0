import { describe } from 'vitest'
import { localRig } from '@/scripts/ha/local-rig'
import { describeChaos } from './suite'

describe('on the local cluster', () =>
  describeChaos('local', localRig, { switchover: 1_000, failover: 5_000 }))
