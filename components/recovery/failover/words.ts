import type { Mode } from '@/lib/recovery/failover/contract'
import type { Operation, Step } from '@/lib/recovery/operations/contract'

export const modeWords: Record<Mode, string> = {
  switchover:
    'The leader is alive. It hands over everything that it has, and follows the new leader. Nothing is lost, or it does not happen; nobody can write for about a second.',
  failover:
    'The leader is lost. It is fenced, so that it cannot come back as leader, and a standby takes over with what it received. What would be lost is named before.',
}

export const verdictWords = {
  ready: { status: 'pass', label: 'Every check passes' },
  overridable: { status: 'warn', label: 'Only if you accept what it says' },
  refused: { status: 'fail', label: 'Refused' },
} as const

export const stateWords: Record<Operation['state'], { status: 'pass' | 'warn' | 'fail'; label: string }> = {
  running: { status: 'warn', label: 'Under way' },
  succeeded: { status: 'pass', label: 'Succeeded' },
  failed: { status: 'fail', label: 'Failed' },
}

export const stepWords: Record<Step['name'], string> = {
  fence: 'Fence the old leader',
  promote: 'Promote the new one',
  reconnect: 'Reconnect Holdfast',
  verify: 'Verify',
  rejoin: 'Old leader rejoins',
}
