import { type AccountCaller, roleIn } from '@/lib/access/caller'
import { env } from '@/lib/env'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { type FieldError, Problem } from '@/lib/http/problem'
import type * as contract from '@/lib/recovery/alerts/contract'
import type { AlertRule, Thresholds } from '@/lib/recovery/alerts/contract'
import { newState } from '@/lib/recovery/alerts/evaluate'
import { firingMetrics } from '@/lib/recovery/alerts/metrics'
import { findRule, type Rule, rules } from '@/lib/recovery/alerts/rules'
import {
  type AlertFile,
  changeSettings,
  type ObservedFile,
  readAlertFile,
  readObserved,
  readSettings,
  type SettingsFile,
} from '@/lib/recovery/alerts/store'
import { formatSeconds } from '@/lib/recovery/format'
import { appendJournal } from '@/lib/recovery/journal/file'

const DISORDER = {
  above: 'This has to be at or above the warning’s',
  below: 'This has to be at or below the warning’s',
}

/** Every rule as the worker last saw it, from files of this machine: it needs no database. */
export async function readAlerts(): Promise<OutputOf<typeof contract.getAlerts>> {
  const { file, observed, settings } = readAll()
  return {
    asOf: observed ? iso(observed.at) : null,
    rules: rules.map((rule) => toItem(rule, file, observed, settings)),
    history: file.history.toReversed(),
  }
}

/** What the banner shows; reads small files and asks nobody. */
export async function readFiringAlerts(
  _input: ParsedInputOf<typeof contract.listFiringAlerts>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.listFiringAlerts>> {
  const { file, observed, settings } = readAll()
  const firing = rules.flatMap((rule) => {
    const item = toItem(rule, file, observed, settings)
    const { id, title, level, since, detail, action, silencedUntil } = item
    if (!level || silencedUntil !== null || (level !== 'critical' && !rule.loud)) return []
    return [
      { ...{ rule: id, level, title, since: since ?? iso(0), detail, action }, page: '/recovery/alerts' },
    ]
  })
  const metrics = firingMetrics(file).filter(({ seen }) => roleIn(account, seen.about.project.id) !== null)
  return {
    alerts: [
      ...firing,
      ...metrics.map(({ id, state, seen: { title, detail, about } }) => ({
        ...{ rule: id, since: iso(state.since), detail, action: about.action },
        title: `${title} (${about.project.name})`,
        level: 'warning' as const,
        page: about.page,
      })),
    ],
  }
}

/** Which rules fire, for metrics: 1 or 0 by rule. */
export function firingByRule(): [string, 0 | 1][] {
  const { states } = readAlertFile()
  return rules.map(({ id }) => [id, states[id]?.level ? 1 : 0])
}

/** Changes when a rule fires. @throws Problem 404, or 422 with what is wrong with which threshold */
export async function changeThresholds(
  { rule: id, ...wanted }: ParsedInputOf<typeof contract.setThresholds>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.setThresholds>> {
  const rule = ruleNamed(id)
  check(rule, wanted)
  const before = thresholdsOf(rule, readSettings())
  await changeSettings(({ thresholds }) => {
    thresholds[id] = wanted
  })
  await journal(account.email, rule, 'threshold', describe(wanted), { before, after: wanted })
  return itemOf(rule)
}

/** Lets a rule fire when it does by default. @throws Problem 404 */
export async function restoreThresholds(
  { rule: id }: ParsedInputOf<typeof contract.resetThresholds>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.resetThresholds>> {
  const rule = ruleNamed(id)
  const before = thresholdsOf(rule, readSettings())
  await changeSettings(({ thresholds }) => {
    delete thresholds[id]
  })
  await journal(account.email, rule, 'threshold', `back to the default: ${describe(rule.defaults)}`, {
    before,
    after: rule.defaults,
  })
  return itemOf(rule)
}

/** Keeps a rule from being announced for a time, or ends that. @throws Problem 404 */
export async function silence(
  { rule: id, minutes }: ParsedInputOf<typeof contract.silenceAlert>,
  { account, receivedAt }: AccountCaller,
): Promise<OutputOf<typeof contract.silenceAlert>> {
  const rule = ruleNamed(id)
  await changeSettings(({ silencedUntil }) => {
    if (minutes === 0) delete silencedUntil[id]
    else silencedUntil[id] = receivedAt + minutes * 60_000
  })
  const message = minutes === 0 ? 'announced again' : `silenced for ${formatSeconds(minutes * 60)}`
  await journal(account.email, rule, 'silence', message, { minutes })
  return itemOf(rule)
}

function check({ bad, unit, fixed, defaults, title }: Rule, { warn, critical }: Thresholds): void {
  const errors: FieldError[] = []
  const refuse = (path: string, message: string) => errors.push({ path, message })
  if (fixed) {
    for (const [path, value] of [
      ['warn', warn],
      ['critical', critical],
    ] as const)
      if (value !== defaults[path]) refuse(path, `‘${title}’ says what it is: only its times can be changed`)
  } else if (warn === null && critical === null) {
    refuse('warn', 'One threshold is needed; to keep it quiet for a time, silence it')
  }
  for (const [path, value] of [
    ['warn', warn],
    ['critical', critical],
  ] as const) {
    if (value === null) continue
    if (unit === 'share' && value > 1) refuse(path, 'A share is 1 at the most')
    if (unit !== 'share' && unit !== 'seconds' && !Number.isInteger(value))
      refuse(path, 'A whole number is needed')
    // Else it would fire for ever, or never.
    if (value === 0)
      refuse(path, bad === 'above' ? 'At 0 it would always fire' : 'Below 0 it would never fire')
  }
  if (warn !== null && critical !== null && (bad === 'above' ? critical < warn : critical > warn))
    refuse('critical', DISORDER[bad])
  const first = errors[0]
  if (first) throw new Problem(422, `${first.path}: ${first.message}`, { errors })
}

function ruleNamed(id: string): Rule {
  const rule = findRule(id)
  if (!rule) throw new Problem(404, 'There is no such alert.')
  return rule
}

const thresholdsOf = (rule: Rule, settings: SettingsFile): Thresholds =>
  settings.thresholds[rule.id] ?? rule.defaults

function readAll() {
  const none = !env().HOLDFAST_DATA_DIR
  return { file: readAlertFile(), observed: none ? undefined : readObserved(), settings: readSettings() }
}

function itemOf(rule: Rule): { rule: AlertRule } {
  const { file, observed, settings } = readAll()
  return { rule: toItem(rule, file, observed, settings) }
}

function toItem(
  rule: Rule,
  file: AlertFile,
  observed: ObservedFile | undefined,
  settings: SettingsFile,
): AlertRule {
  const { id, title, observes, unit, bad, why, action, page, defaults, fixed = false } = rule
  const { state, level, since } = file.states[id] ?? newState(0)
  const seen = observed?.seen[id] ?? { value: null, detail: 'not looked at yet' }
  const applies = seen.applies !== false
  const silencedUntil = settings.silencedUntil[id] ?? 0
  return {
    ...{ id, title, observes, unit, bad, fixed, why, action, page, defaults, state, level },
    thresholds: thresholdsOf(rule, settings),
    since: since > 0 ? iso(since) : null,
    value: seen.value,
    detail: seen.detail,
    known: seen.value !== null || !applies,
    applies,
    silencedUntil: silencedUntil > Date.now() ? iso(silencedUntil) : null,
  }
}

const iso = (at: number): string => new Date(at).toISOString()

const describe = ({ warn, critical, holdSeconds, clearSeconds }: Thresholds): string =>
  `warning ${warn ?? 'never'}, critical ${critical ?? 'never'}, after ${holdSeconds} s, well after ${clearSeconds} s`

async function journal(
  actor: string,
  { id, title }: Rule,
  kind: 'threshold' | 'silence',
  message: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await appendJournal({
    kind: `alert ${kind}`,
    actor,
    message: `${title}: ${message}`,
    detail: { rule: id, ...detail },
  })
}
