'use client'

import { Select, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { keepWhileLoading } from '@/components/analytics/keep-while-loading'
import { Pager } from '@/components/analytics/pager'
import { SearchField } from '@/components/analytics/search-field'
import { UserLink } from '@/components/analytics/users/user-link'
import type { Column } from '@/components/ui/data-table'
import { formatMoment } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { listResponses, type ResponseItem, scoreRange } from '@/lib/analytics/satisfaction/contract'
import { query } from '@/lib/http/client'
import { definitions } from './definitions'
import { responsesInput } from './inputs'
import classes from './satisfaction.module.css'
import { satisfactionParsers } from './search-params'
import { groupOf, type Survey, surveyWords } from './surveys'

/** What users wrote, newest first, a page at a time. */
export function ResponseList({ survey, timezone }: { survey: Survey; timezone: string }) {
  const [search, setSearch] = useQueryStates(satisfactionParsers, { history: 'push', scroll: false })
  const { data, error, refetch, isFetching, isPlaceholderData } = useQuery({
    ...query(listResponses, responsesInput(search)),
    ...keepWhileLoading,
  })
  if (error && !data) return <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />
  if (!data) return <Skeleton h={700} radius="lg" />
  return (
    <Panel
      title="In their own words"
      definition={definitions.verbatims}
      csv={`${survey}-responses`}
      table={{
        caption: 'Responses with a text',
        columns: columnsFor(survey, timezone),
        rows: data.items,
        rowKey: (item) => `${item.userId}·${item.id}`,
        empty:
          search.search || search.scores ? 'No response matches' : 'No response with a text in this range',
      }}
      tools={
        <>
          <SearchField label="Search the responses" placeholder="Words in the response" />
          <Select
            size="xs"
            w={170}
            aria-label="Scores"
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
            value={search.scores ?? ''}
            onChange={(scores) => setSearch({ scores: scores ? String(scores) : null, cursor: null })}
            data={scoreChoices(survey)}
          />
          <Pager next={data.nextCursor} loading={isPlaceholderData} />
        </>
      }
    />
  )
}

function scoreChoices(survey: Survey) {
  const [least, most] = scoreRange[survey]
  const scores = Array.from({ length: most - least + 1 }, (_, index) => String(most - index))
  return [
    { value: '', label: 'All scores' },
    {
      group: 'Groups',
      items: surveyWords[survey].groups
        // A group of one score is among the scores.
        .filter(({ from, to }) => from !== to)
        .map(({ label, from, to }) => ({ value: `${from}-${to}`, label: `${label} (${from}–${to})` })),
    },
    { group: 'Scores', items: scores.map((score) => ({ value: score, label: `Score ${score}` })) },
  ]
}

function columnsFor(survey: Survey, timezone: string): Column<ResponseItem>[] {
  return [
    {
      title: 'Score',
      value: (item) => item.score,
      show: (item) => (
        <span className={classes.badge} data-tone={groupOf(survey, item.score).tone}>
          {item.score}
        </span>
      ),
    },
    {
      title: 'Response',
      value: (item) => item.response,
      show: (item) => <span className={classes.words}>{item.response}</span>,
    },
    {
      title: 'Question',
      minor: true,
      value: (item) => item.question,
      show: (item) => clipped(item.question),
    },
    {
      title: 'Context',
      minor: true,
      value: (item) => (item.context ? JSON.stringify(item.context) : null),
      show: (item) => clipped(item.context && contextOf(item.context)),
    },
    {
      title: 'User',
      value: (item) => item.userId,
      show: (item) => (
        <span className={classes.clip} title={item.userId}>
          <UserLink userId={item.userId} />
        </span>
      ),
    },
    {
      title: `Occurred (${timezone})`,
      minor: true,
      value: (item) => item.occurredAt,
      show: (item) => <span className="num">{formatMoment(item.occurredAt, timezone)}</span>,
      nowrap: true,
    },
  ]
}

const clipped = (text: string | null) =>
  text && (
    <span className={classes.clip} title={text}>
      {text}
    </span>
  )

/** The context in words: after checkout · page /cart. */
function contextOf(context: Record<string, unknown>): string {
  return Object.entries(context)
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ')
}
