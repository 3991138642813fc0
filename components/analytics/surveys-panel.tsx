'use client'

import { Anchor, Button, Skeleton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { createSerializer, useQueryStates } from 'nuqs'
import { useState } from 'react'
import { PageHeader } from '@/components/layout/page-header'
import { useProject } from '@/components/layout/project-select'
import { EmptyState } from '@/components/ui/empty-state'
import { Rows } from '@/components/ui/grid'
import { later } from '@/components/ui/later'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { listSurveys, type SurveyItem } from '@/lib/analytics/surveys/contract'
import { query } from '@/lib/http/client'
import { rangeParsers } from './search-params'
import { surveysInput } from './surveys/inputs'
import { SurveyList } from './surveys/survey-list'

const SurveyForm = later(() => import('./surveys/survey-form').then((loaded) => loaded.SurveyForm))

const withRange = createSerializer(rangeParsers)

/** The surveys that the tracker asks: made, changed and turned off here, without code. */
export function SurveysPanel() {
  const { project } = useProject()
  const mayChange = project !== undefined && project.role !== 'viewer'
  const [range] = useQueryStates(rangeParsers)
  const [edited, setEdited] = useState<SurveyItem | 'new'>()
  const { data, error, refetch, isFetching } = useQuery(query(listSurveys, surveysInput(range.project)))
  return (
    <>
      <Anchor component={Link} href={withRange('/satisfaction', range)} size="sm">
        ← Satisfaction
      </Anchor>
      <PageHeader
        title="Surveys"
        lead={
          mayChange
            ? 'Asked by the tracker, in the apps that load it.'
            : 'Operators and admins make and change surveys; you see them.'
        }
      >
        {mayChange && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
            New survey
          </Button>
        )}
      </PageHeader>
      <Rows>
        {error && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {!data && !error && <Skeleton h={240} radius="lg" />}
        {data && data.surveys.length > 0 && (
          <SurveyList surveys={data.surveys} onEdit={mayChange ? setEdited : undefined} />
        )}
        {data?.surveys.length === 0 && (
          <EmptyState title="No surveys yet">
            A survey asks the users of your apps for a score, and for words if they like: how likely they are
            to recommend you (NPS), how satisfied they are (CSAT), or how easy something was (CES). The
            tracker asks it on the pages that you choose, and the answers are on the Satisfaction page. An app
            that loads the tracker needs no more code.
          </EmptyState>
        )}
      </Rows>
      {edited && (
        <SurveyForm
          survey={edited === 'new' ? undefined : edited}
          project={range.project ?? undefined}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  )
}
