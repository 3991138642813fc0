'use client'

import { Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { keepWhileLoading } from '@/components/analytics/keep-while-loading'
import { surveyWords } from '@/components/analytics/satisfaction/surveys'
import { rangeParsers } from '@/components/analytics/search-params'
import { Gauge } from '@/components/charts/gauge'
import { formatNumber } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { PointChange } from '@/components/ui/point-change'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { getSatisfactionMetrics } from '@/lib/analytics/satisfaction/contract'
import { query } from '@/lib/http/client'
import { CardLink } from './card-link'
import { definitions } from './definitions'
import { npsInput } from './inputs'

const { format, formatDifference } = surveyWords.nps

/** What users would say to a colleague, in one number. */
export function NpsCard() {
  const [search] = useQueryStates(rangeParsers)
  const { data, error, refetch } = useQuery({
    ...query(getSatisfactionMetrics, npsInput(search)),
    ...keepWhileLoading,
  })
  if (error && !data) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton h={260} radius="lg" />
  const { score, responses, previous } = data
  return (
    <Panel
      title="NPS"
      definition={definitions.nps}
      tools={<CardLink href="/satisfaction">Satisfaction</CardLink>}
    >
      <Gauge name="NPS" value={score} from={-100} to={100} shown={format(score)} before={previous?.score} />
      <Text size="sm" c="dimmed" ta="center" className="num" mt={4}>
        {`${formatNumber(responses)} responses`}
        {typeof previous?.score === 'number' && (
          <>
            {' · '}
            <PointChange value={score} before={previous.score} format={formatDifference} />
          </>
        )}
      </Text>
    </Panel>
  )
}
