'use client'

import { Button, Group, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { send } from '@/lib/http/client'
import { failOver, type Mode, type Plan } from '@/lib/recovery/failover/contract'
import type { Member } from '@/lib/recovery/replication/contract'
import { modeWords } from './words'

interface PlanFormProps {
  members: Member[]
  leaderIsLost: boolean
  mayAct: boolean
  onPlan: (plan: Plan) => void
}

/** What is wanted: which of the two, and whom to promote. Makes a plan, which changes nothing. */
export function PlanForm({ members, leaderIsLost, mayAct, onPlan }: PlanFormProps) {
  const [chosen, setMode] = useState<Mode>()
  const [candidate, setCandidate] = useState<string | null>(null)
  const mode = chosen ?? (leaderIsLost ? 'failover' : 'switchover')
  const standbys = members.filter(({ role }) => role !== 'leader').map(({ name }) => name)
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => send(failOver, { dryRun: true, mode, ...(candidate && { candidate }) }),
    onSuccess: (answer) => 'planId' in answer && onPlan(answer),
  })
  return (
    <Panel title="Make a plan">
      <Stack gap="sm">
        {error && <ProblemAlert error={error} title="The plan could not be made" />}
        <SegmentedControl
          value={mode}
          onChange={(value) => setMode(value as Mode)}
          data={[
            { value: 'switchover', label: 'Switchover' },
            { value: 'failover', label: 'Failover' },
          ]}
          aria-label="What to do"
          w="fit-content"
        />
        <Text size="sm" maw={640}>
          {modeWords[mode]}
        </Text>
        <Select
          label="Promote"
          placeholder="The best standby"
          data={standbys}
          value={candidate}
          onChange={setCandidate}
          clearable
          maw={320}
        />
        <Group gap="sm">
          <Button onClick={() => mutate()} loading={isPending} disabled={!mayAct}>
            Make the plan
          </Button>
          <Text size="sm" c="dimmed">
            {mayAct ? 'It makes every check and changes nothing.' : 'This needs the role operator.'}
          </Text>
        </Group>
      </Stack>
    </Panel>
  )
}
