'use client'

import { Anchor, Modal, Stack, Text } from '@mantine/core'
import Link from 'next/link'
import { StatusBadge } from '@/components/ui/status-badge'
import type { AlertRule } from '@/lib/recovery/alerts/contract'
import { stateOf } from './columns'
import { SilenceControl } from './silence-control'
import { ThresholdForm } from './threshold-form'

interface RuleModalProps {
  opened: boolean
  rule: AlertRule | undefined
  mayChange: boolean
  onClose: () => void
}

/** One alert: what it sees, why that matters, what to do, and when it fires. */
export function RuleModal({ opened, rule, mayChange, onClose }: RuleModalProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={rule?.title} size="lg">
      {rule && (
        <Stack gap="sm">
          <div>
            <StatusBadge {...stateOf(rule)} />
            <Text size="sm" mt={6}>
              {rule.observes}: {rule.known ? '' : 'not known, '}
              {rule.detail}.
            </Text>
          </div>
          <Text size="sm">{rule.why}</Text>
          <Text size="sm">
            {rule.action}{' '}
            <Anchor component={Link} href={rule.page} size="sm" onClick={onClose}>
              Go there
            </Anchor>
          </Text>
          <ThresholdForm key={rule.id} rule={rule} mayChange={mayChange} />
          {mayChange && <SilenceControl rule={rule} />}
        </Stack>
      )}
    </Modal>
  )
}
