'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { createSerializer, useQueryStates } from 'nuqs'
import { rangeParsers } from '@/components/analytics/search-params'
import { links } from './links'
import classes from './navigation.module.css'

const withRange = createSerializer(rangeParsers)

/** Links to every page; the project and the range come along. */
export function Navigation({ isAdmin, onFollow }: { isAdmin: boolean; onFollow: () => void }) {
  const path = usePathname()
  const [range] = useQueryStates(rangeParsers)
  return (
    <nav aria-label="Pages">
      {links.map(({ heading, items }) => (
        <div key={heading}>
          <p className={classes.heading} id={`nav-${heading}`}>
            {heading}
          </p>
          <ul className={classes.list} aria-labelledby={`nav-${heading}`}>
            {items
              .filter(({ adminOnly }) => isAdmin || !adminOnly)
              .map(({ href, label, icon: Icon }) => (
                <li key={href}>
                  <Link
                    href={withRange(href, range)}
                    className={classes.link}
                    aria-current={path === href || path.startsWith(`${href}/`) ? 'page' : undefined}
                    onClick={onFollow}
                  >
                    <Icon size={18} stroke={1.7} aria-hidden="true" />
                    {label}
                  </Link>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}
