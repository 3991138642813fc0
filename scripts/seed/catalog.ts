import type { Weighted } from './random'

export const ORIGIN = 'https://demo.holdfast.example'

/** Pages by path: title, and the median of the time that people spend there, in seconds. */
export const pages = {
  '/': ['Demo', 18],
  '/pricing': ['Pricing', 42],
  '/features': ['Features', 38],
  '/customers': ['Customers', 30],
  '/about': ['About us', 24],
  '/blog': ['Blog', 22],
  '/blog/how-we-moved-a-primary': ['How we moved a primary', 140],
  '/blog/spring-launch': ['The spring launch', 95],
  '/docs': ['Documentation', 35],
  '/docs/quick-start': ['Quick start', 120],
  '/docs/api': ['API reference', 110],
  '/shop': ['Shop', 26],
  '/shop/desk-clock': ['Desk clock', 40],
  '/shop/notebook': ['Notebook', 34],
  '/shop/field-bag': ['Field bag', 44],
  '/shop/standing-lamp': ['Standing lamp', 41],
  '/search': ['Search', 16],
  '/cart': ['Your cart', 24],
  '/sign-up': ['Sign up', 48],
  '/app': ['Dashboard', 55],
  '/app/reports': ['Reports', 75],
  '/app/trading': ['Trading', 60],
  '/app/settings': ['Settings', 33],
  '/support': ['Support', 45],
} as const satisfies Record<string, readonly [title: string, seconds: number]>
export type Path = keyof typeof pages

export const landings: Weighted<Path> = [
  ['/', 46],
  ['/pricing', 9],
  ['/shop', 12],
  ['/blog/how-we-moved-a-primary', 10],
  ['/blog/spring-launch', 7],
  ['/docs/quick-start', 7],
  ['/features', 5],
  ['/shop/field-bag', 4],
]

export const wanderings: Weighted<Path> = [
  ['/', 10],
  ['/features', 14],
  ['/pricing', 16],
  ['/customers', 6],
  ['/about', 5],
  ['/blog', 7],
  ['/blog/how-we-moved-a-primary', 5],
  ['/blog/spring-launch', 4],
  ['/docs', 7],
  ['/docs/quick-start', 6],
  ['/docs/api', 4],
  ['/shop', 16],
]

interface Product {
  path: Path
  product: string
  price: number
}

export const products: [Product, ...Product[]] = [
  { path: '/shop/desk-clock', product: 'desk-clock', price: 49 },
  { path: '/shop/notebook', product: 'notebook', price: 12.5 },
  { path: '/shop/field-bag', product: 'field-bag', price: 89 },
  { path: '/shop/standing-lamp', product: 'standing-lamp', price: 129 },
]

export const queries = [
  'lamp',
  'notebook a5',
  'bag',
  'gift',
  'clock wood',
  'export csv',
  'webhook',
  'invoice',
] as const

export const referrers: Weighted<string | null> = [
  [null, 34],
  ['https://www.google.com/', 33],
  ['https://duckduckgo.com/', 6],
  ['https://news.ycombinator.com/', 7],
  ['https://www.reddit.com/', 5],
  ['https://www.linkedin.com/', 6],
  ['https://github.com/', 6],
  ['https://newsletter.example/', 3],
]

interface Place {
  country: string
  /** Hours ahead of UTC. */
  ahead: number
}

export const places: Weighted<Place> = [
  [{ country: 'DE', ahead: 1 }, 24],
  [{ country: 'GB', ahead: 0 }, 15],
  [{ country: 'FR', ahead: 1 }, 11],
  [{ country: 'NL', ahead: 1 }, 8],
  [{ country: 'US', ahead: -6 }, 27],
  [{ country: 'BR', ahead: -3 }, 5],
  [{ country: 'IN', ahead: 5 }, 7],
  [{ country: 'JP', ahead: 9 }, 3],
]

interface Agent {
  device: 'desktop' | 'mobile' | 'tablet'
  browser: string
  os: string
}

export const agents: Weighted<Agent> = [
  [{ device: 'desktop', browser: 'Chrome', os: 'Windows' }, 27],
  [{ device: 'desktop', browser: 'Microsoft Edge', os: 'Windows' }, 8],
  [{ device: 'desktop', browser: 'Firefox', os: 'Windows' }, 4],
  [{ device: 'desktop', browser: 'Chrome', os: 'macOS' }, 10],
  [{ device: 'desktop', browser: 'Safari', os: 'macOS' }, 9],
  [{ device: 'desktop', browser: 'Firefox', os: 'Linux' }, 4],
  [{ device: 'mobile', browser: 'Safari', os: 'iOS' }, 17],
  [{ device: 'mobile', browser: 'Chrome', os: 'Android' }, 15],
  [{ device: 'mobile', browser: 'Samsung Internet for Android', os: 'Android' }, 3],
  [{ device: 'tablet', browser: 'Safari', os: 'iOS' }, 3],
]

export const plans: Weighted<'free' | 'pro' | 'team'> = [
  ['free', 66],
  ['pro', 25],
  ['team', 9],
]
