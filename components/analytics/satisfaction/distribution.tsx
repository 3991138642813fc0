'use client'

import { Bars } from '@/components/charts/bars'
import { Definition } from '@/components/ui/definition'
import { formatNumber, formatShare } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { formatPoints, PointChange } from '@/components/ui/point-change'
import { definitions } from './definitions'
import classes from './satisfaction.module.css'
import { countIn, groupOf, type Metrics, surveyWords } from './surveys'

/** Responses by score, and by the groups that the scores fall into. */
export function Distribution({ metrics }: { metrics: Metrics }) {
  const { survey, distribution, responses } = metrics
  const share = (count: number) => (responses > 0 ? count / responses : null)
  return (
    <Panel
      title="Distribution"
      definition={definitions.distribution}
      csv={`${survey}-distribution`}
      table={{
        caption: 'Responses by score',
        columns: [
          { title: 'Score', value: ({ score }) => score },
          { title: 'Group', wide: true, value: ({ score }) => groupOf(survey, score).label },
          { title: 'Responses', right: true, value: ({ count }) => count },
          {
            title: 'Share',
            right: true,
            value: ({ count }) => share(count),
            show: ({ count }) => formatShare(share(count)),
          },
        ],
        rows: distribution,
        rowKey: ({ score }) => String(score),
      }}
    >
      <Bars
        name="Responses"
        counts
        height={168}
        bars={distribution.map(({ score, count }) => ({
          label: String(score),
          title: `Score ${score}`,
          value: count,
          tone: groupOf(survey, score).tone,
        }))}
      />
      <Groups metrics={metrics} />
    </Panel>
  )
}

/** The groups as parts of one bar, each with its share and how it moved. */
function Groups({ metrics: { survey, distribution, responses, previous } }: { metrics: Metrics }) {
  return (
    <dl className={classes.groups}>
      {surveyWords[survey].groups.map((group) => {
        const count = countIn(group, distribution)
        const share = responses > 0 ? count / responses : null
        const before = previous?.responses ? countIn(group, previous.distribution) / previous.responses : null
        return (
          <div key={group.label}>
            <dt>
              <span className={classes[group.tone]} aria-hidden="true" />
              {group.label}
              {group.tone === 'good' && <Definition of="groups">{definitions.groups[survey]}</Definition>}
            </dt>
            <dd>{formatShare(share)}</dd>
            <dd className={classes.was}>
              {formatNumber(count)}{' '}
              <PointChange value={share} before={before} format={formatPoints} judge={judges[group.tone]} />
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

const judges = { good: 'up', fair: 'neither', bad: 'down' } as const
