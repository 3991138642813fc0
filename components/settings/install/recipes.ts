export interface Recipe {
  id: string
  label: string
  /** Said above the steps. */
  lead: string
  /** Files and commands, in the order in which they are made. */
  steps: { title: string; code: string }[]
}

/** The tag that loads the tracker. */
export const scriptTag = (address: string, key: string): string =>
  `<script defer src="${address}/holdfast.js" data-key="${key}"></script>`

/** How the tracker gets into an app, whole: load it, name the user, record an event. */
export const recipes = (address: string, key: string): Recipe[] => {
  const install = { title: 'Terminal', code: `npm install ${address}/holdfast-tracker.tgz` }
  const module = {
    title: 'src/holdfast.ts',
    code: `import { init } from 'holdfast-tracker'

export const holdfast = init({ key: '${key}', api: '${address}' })`,
  }
  return [
    html(address, key),
    {
      id: 'react',
      label: 'React',
      lead: 'Page views come by themselves, with React Router or any other that uses the browser’s history.',
      steps: [install, module, react],
    },
    next(address, key),
    {
      id: 'vue',
      label: 'Vue',
      lead: 'Page views come by themselves, with Vue Router or without.',
      steps: [install, module, vue],
    },
    npm(address, key, install),
  ]
}

const html = (address: string, key: string): Recipe => ({
  id: 'html',
  label: 'HTML',
  lead: 'One line in the head of every page is enough. What stands below it is for what only you know.',
  steps: [
    { title: 'In <head>', code: scriptTag(address, key) },
    {
      title: 'In <body>',
      code: `<!-- A click on it is an event, without a line of script. -->
<button data-hf-event="add_to_cart" data-hf-product="kettle">Add to cart</button>

<script type="module">
  // Who is signed in, by an id of yours; at the sign-out: window.holdfast?.reset()
  window.holdfast?.identify('user-42')

  document.querySelector('#order')?.addEventListener('submit', () => {
    window.holdfast?.track('order', { value: 84, currency: 'EUR' })
  })
</script>`,
    },
  ],
})

const react = {
  title: 'src/app.tsx',
  code: `import { useEffect } from 'react'
import { holdfast } from './holdfast'

export function App({ userId, signOut }: { userId: string | null; signOut: () => void }) {
  useEffect(() => {
    if (userId) holdfast.identify(userId)
  }, [userId])

  const leave = () => {
    holdfast.reset()
    signOut()
  }
  return (
    <>
      <button onClick={() => holdfast.track('add_to_cart', { product: 'kettle' })}>Add to cart</button>
      {userId && <button onClick={leave}>Sign out</button>}
    </>
  )
}`,
}

const vue = {
  title: 'src/App.vue',
  code: `<script setup lang="ts">
import { watch } from 'vue'
import { holdfast } from './holdfast'

const props = defineProps<{ userId: string | null }>()

watch(
  () => props.userId,
  (now, before) => {
    if (now) holdfast.identify(now)
    else if (before) holdfast.reset()
  },
  { immediate: true },
)

const add = () => holdfast.track('add_to_cart', { product: 'kettle' })
</script>

<template>
  <button @click="add">Add to cart</button>
</template>`,
}

const next = (address: string, key: string): Recipe => ({
  id: 'next',
  label: 'Next.js',
  lead: 'For the App Router. A call that comes before the script waits for it in a queue.',
  steps: [
    {
      title: 'app/layout.tsx',
      code: `import Script from 'next/script'
import type { ReactNode } from 'react'

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        {children}
        <Script src="${address}/holdfast.js" data-key="${key}" strategy="afterInteractive" />
      </body>
    </html>
  )
}`,
    },
    {
      title: 'lib/holdfast.ts',
      code: `type Queue = { q?: [string, unknown[]][] }
type Page = Window & { holdfast?: Queue & Record<string, unknown> }

/** Calls the tracker in the browser: holdfast('track', 'add_to_cart', { product: 'kettle' }) */
export function holdfast(method: string, ...args: unknown[]): void {
  const page = window as unknown as Page
  page.holdfast ??= {}
  const call = page.holdfast[method]
  if (typeof call === 'function') {
    call(...args)
    return
  }
  page.holdfast.q ??= []
  page.holdfast.q.push([method, args])
}`,
    },
    {
      title: 'app/customer.tsx',
      code: `'use client'

import { useEffect } from 'react'
import { holdfast } from '@/lib/holdfast'

/** Stands in any layout that knows who is signed in. At the sign-out: holdfast('reset') */
export function Customer({ userId }: { userId: string | null }) {
  useEffect(() => {
    if (userId) holdfast('identify', userId)
  }, [userId])
  return <button onClick={() => holdfast('track', 'add_to_cart', { product: 'kettle' })}>Add to cart</button>
}`,
    },
  ],
})

const npm = (address: string, key: string, install: Recipe['steps'][number]): Recipe => ({
  id: 'npm',
  label: 'npm',
  lead: 'The same tracker as a package with its types, from this server: where you install and build, its address must be reached.',
  steps: [
    install,
    {
      title: 'holdfast.ts',
      code: `import { init } from 'holdfast-tracker'

export const holdfast = init({
  key: '${key}',
  api: '${address}',
  // Sees every record before it is kept; returns nothing to leave it out.
  beforeSend: (record) => (record.kind === 'event' && record.name === 'secret' ? null : record),
})`,
    },
    {
      title: 'Anywhere',
      code: `import { holdfast } from './holdfast'

holdfast.identify('user-42')
holdfast.track('add_to_cart', { product: 'kettle', price: 42 })

holdfast.feature('wishlist', 'opened')
const found = await holdfast.time('search', () => search('kettle'))

holdfast.stage('checkout', 'cart', 1)
holdfast.stage('checkout', 'payment', 2)
holdfast.completeFunnel('checkout')

holdfast.step('onboarding', 'profile')
holdfast.completeJourney('onboarding')

holdfast.respond('csat', 5, { response: 'Quick and clear' })
holdfast.reset()`,
    },
  ],
})
