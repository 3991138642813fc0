import type { Weighted } from '@/scripts/seed/random'
import { DAY_MS, DAYS } from '@/scripts/seed/rhythm'
import type { Session } from '@/scripts/seed/session'

interface Feature {
  feature: string
  category: string
  weight: number
  success: number
  /** The median of a use. */
  seconds: number
  errors: Weighted<string>
  /** What a release did to it that the last seven days have. */
  regression?: { success: number; slower: number; error: string }
}

const features: Feature[] = [
  {
    feature: 'dashboard',
    category: 'reports',
    weight: 30,
    success: 0.995,
    seconds: 40,
    errors: [['Could not load a widget', 1]],
  },
  {
    feature: 'report_builder',
    category: 'reports',
    weight: 14,
    success: 0.95,
    seconds: 95,
    errors: [
      ['Too many columns', 3],
      ['Query timed out', 2],
    ],
  },
  {
    feature: 'csv_export',
    category: 'reports',
    weight: 11,
    success: 0.965,
    seconds: 6,
    errors: [
      ['Nothing to export', 2],
      ['Disk quota exceeded', 1],
    ],
    regression: { success: 0.68, slower: 4, error: 'Export timed out after 30 s' },
  },
  {
    feature: 'saved_views',
    category: 'reports',
    weight: 9,
    success: 0.99,
    seconds: 9,
    errors: [['A view of this name exists', 1]],
  },
  {
    feature: 'price_alerts',
    category: 'trading',
    weight: 9,
    success: 0.97,
    seconds: 16,
    errors: [['Price is out of range', 1]],
  },
  {
    feature: 'limit_orders',
    category: 'trading',
    weight: 8,
    success: 0.91,
    seconds: 34,
    errors: [
      ['Insufficient funds', 5],
      ['Market is closed', 3],
      ['Price moved too far', 2],
    ],
  },
  {
    feature: 'team_invites',
    category: 'account',
    weight: 6,
    success: 0.93,
    seconds: 28,
    errors: [
      ['Already a member', 3],
      ['Address is not valid', 2],
    ],
  },
  {
    feature: 'two_factor',
    category: 'account',
    weight: 4,
    success: 0.86,
    seconds: 52,
    errors: [
      ['Code has expired', 6],
      ['Code is wrong', 4],
    ],
  },
  {
    feature: 'api_keys',
    category: 'developers',
    weight: 4,
    success: 0.98,
    seconds: 21,
    errors: [['Limit of 10 keys reached', 1]],
  },
  {
    feature: 'webhooks',
    category: 'developers',
    weight: 3,
    success: 0.82,
    seconds: 74,
    errors: [
      ['Endpoint answered 500', 5],
      ['Endpoint timed out', 4],
      ['Certificate has expired', 1],
    ],
  },
]

const byWeight = features.map((feature) => [feature, feature.weight] as const)
/** Events of the product's own that some features leave. */
const events: Record<string, string> = {
  csv_export: 'download_report',
  team_invites: 'invite_sent',
  api_keys: 'api_key_created',
}

/** Opens a feature of the product, mostly uses it, and mostly gets done what it is for. */
export function workWithFeature(session: Session): void {
  const { random } = session
  const { feature, category, success, seconds, errors, regression } = random.weighted(byWeight)
  const broken = regression && session.at >= (DAYS - 7) * DAY_MS ? regression : undefined
  const common = { feature, category, properties: session.about() }
  session.view(
    category === 'reports' ? '/app/reports' : category === 'trading' ? '/app/trading' : '/app/settings',
  )
  session.record('features', { ...common, action: 'opened' })
  session.wait(5)
  if (!random.chance(0.82)) return
  for (let tries = 1; ; tries += 1) {
    const durationMs = session.wait(seconds * (broken?.slower ?? 1), 0.6)
    const worked = random.chance(broken?.success ?? success)
    const error = broken && random.chance(0.85) ? broken.error : random.weighted(errors)
    session.record('features', {
      ...common,
      action: 'used',
      durationMs,
      success: worked,
      error: worked ? null : error,
    })
    session.wait(3)
    if (worked && random.chance(0.9)) {
      session.record('features', {
        ...common,
        action: 'completed',
        durationMs: durationMs + random.int(300, 4_000),
      })
      const left = events[feature]
      if (left) session.event(left, category)
    }
    if (!worked) session.event('error_shown', category, { feature, message: error })
    if (worked || tries === 2 || !random.chance(0.4)) return
  }
}
