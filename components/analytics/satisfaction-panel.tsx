'use client'

import { Button, SegmentedControl } from '@mantine/core'
import { IconMessageQuestion } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { createSerializer, useQueryStates } from 'nuqs'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import { RangePicker } from '@/components/layout/range-picker'
import { Rows } from '@/components/ui/grid'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { getSatisfactionMetrics } from '@/lib/analytics/satisfaction/contract'
import { query } from '@/lib/http/client'
import { CompareSwitch } from './compare-switch'
import { FilterBar } from './filter-bar'
import { keepWhileLoading } from './keep-while-loading'
import { Distribution } from './satisfaction/distribution'
import { FirstResponse } from './satisfaction/first-response'
import { metricsInput } from './satisfaction/inputs'
import { ResponseList } from './satisfaction/response-list'
import classes from './satisfaction/satisfaction.module.css'
import { ScorePanel } from './satisfaction/score-panel'
import { ScoreTable } from './satisfaction/score-table'
import { ScoreTrend } from './satisfaction/score-trend'
import { responseFields, satisfactionParsers, surveys } from './satisfaction/search-params'
import { type Metrics, surveyWords } from './satisfaction/surveys'
import { rangeParsers } from './search-params'

const withRange = createSerializer(rangeParsers)

/** What users say when they are asked: a survey's score, what it is made of, and their own words. */
export function SatisfactionPanel() {
  const [search, setSearch] = useQueryStates(satisfactionParsers, { history: 'push' })
  const { data, error, refetch, isFetching, isPlaceholderData } = useQuery({
    ...query(getSatisfactionMetrics, metricsInput(search)),
    ...keepWhileLoading,
  })
  return (
    <>
      <PageHeader title="Satisfaction">
        <Freshness
          asOf={data?.asOf}
          readFrom={data?.readFrom}
          timezone={data?.timezone}
          stale={error !== null}
          fetching={isFetching}
          refresh={() => void refetch()}
        />
        <SegmentedControl
          aria-label="Survey"
          size="sm"
          value={search.survey}
          // Scores of one survey mean nothing in another.
          onChange={(survey) =>
            setSearch({ survey: survey as typeof search.survey, scores: null, cursor: null })
          }
          data={surveys.map((value) => ({ value, label: surveyWords[value].label }))}
        />
        <RangePicker />
        <Button
          component={Link}
          href={withRange('/satisfaction/surveys', search)}
          variant="default"
          leftSection={<IconMessageQuestion size={16} />}
        >
          Surveys
        </Button>
      </PageHeader>
      <Rows>
        <FilterBar fields={responseFields} contextKeys={data?.contextKeys}>
          <CompareSwitch />
        </FilterBar>
        {error && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {data && (
          <Rows busy={isPlaceholderData}>
            <Body data={data} />
          </Rows>
        )}
        {!data && !error && <BodySkeleton />}
        {(data || !error) && <ResponseList survey={search.survey} timezone={data?.timezone ?? 'UTC'} />}
      </Rows>
    </>
  )
}

function Body({ data }: { data: Metrics }) {
  return (
    <>
      {data.responses === 0 && <FirstResponse survey={data.survey} />}
      <div className={classes.top}>
        <ScorePanel metrics={data} />
        <Distribution metrics={data} />
        <ScoreTable metrics={data} />
      </div>
      <ScoreTrend metrics={data} />
    </>
  )
}
