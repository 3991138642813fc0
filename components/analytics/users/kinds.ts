import {
  IconActivity,
  IconFilter,
  IconMessageCircle,
  type IconProps,
  IconPuzzle,
  IconRoute,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { Kind } from './search-params'

/** The words and the sign of each kind of record. */
export const kindWords: Record<Kind, { one: string; many: string; icon: ComponentType<IconProps> }> = {
  event: { one: 'Event', many: 'Events', icon: IconActivity },
  feature: { one: 'Feature use', many: 'Feature uses', icon: IconPuzzle },
  stage: { one: 'Funnel stage', many: 'Funnel stages', icon: IconFilter },
  step: { one: 'Journey step', many: 'Journey steps', icon: IconRoute },
  response: { one: 'Response', many: 'Responses', icon: IconMessageCircle },
}
