'use client'

import { type ComponentType, useEffect, useState } from 'react'

/** Comes at the first sign of somebody who might open something; never on a server. */
const somebody = new Promise<unknown>((resolve) => {
  if (typeof window === 'undefined') return
  for (const sign of ['pointermove', 'pointerdown', 'keydown'])
    window.addEventListener(sign, resolve, { once: true, passive: true })
})

/**
 * A dialog, or what else nobody sees at first, without its code in what a page loads at first: that is fetched once somebody is there,
 * so that it is at hand when it is opened. What takes no `opened` is open. For what has its place on the page there is `next/dynamic`.
 *
 * Where the code does not come, since nobody answers or a newer version has replaced it, the page fails, and each opening asks again.
 * @param Instead what does its work then: for what stands above every page, and would take all of them along
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Instead?: ComponentType<Props>,
): ComponentType<Props> {
  let Part: ComponentType<Props> | undefined
  const bring = async () => {
    Part = await load()
  }
  // Whoever opens it asks again, and is told.
  somebody.then(bring).catch(() => {})
  return function Later(props) {
    const opened = openedOf(props) !== false
    const [called, setCalled] = useState(false)
    const [, setCame] = useState(false)
    const [error, setError] = useState<unknown>()
    if (opened && !called) setCalled(true)
    if (!opened && error) setError(undefined)
    useEffect(() => {
      if (opened && !Part) bring().then(() => setCame(true), setError)
    }, [opened])
    if (called && Part) return <ClosedFirst part={Part} props={props} />
    if (!opened || !error) return null
    if (!Instead) throw error
    return <Instead {...props} />
  }
}

/** A dialog that is open when it comes neither moves in nor gives the focus back: it comes closed. */
function ClosedFirst<Props extends object>({
  part: Part,
  props,
}: {
  part: ComponentType<Props>
  props: Props
}) {
  const [stands, setStands] = useState(false)
  useEffect(() => setStands(true), [])
  return <Part {...props} {...(openedOf(props) && { opened: stands })} />
}

const openedOf = (props: { opened?: boolean }): boolean | undefined => props.opened
