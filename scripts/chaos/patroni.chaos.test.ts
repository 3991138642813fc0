import { describe } from 'vitest'
import { havePackages } from '@/scripts/ha/packages'
import { patroniRig } from '@/scripts/ha/rig'
import { describeChaos } from './suite'

describe.skipIf(!havePackages())('under Patroni', () => describeChaos('patroni', patroniRig))
