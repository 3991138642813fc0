import type { Target } from '@/lib/recovery/restore/contract'

/**
 * A target in PostgreSQL's words, which are pgBackRest's, too; no type for the latest. Times keep their microseconds, and have
 * their zone as a number: names of zones, such as Z, are not known yet when PostgreSQL reads them.
 */
export function toRecoveryTarget(target: Target): { type: string | null; text: string } {
  switch (target.kind) {
    case 'latest':
      return { type: null, text: '' }
    case 'time': {
      const [date = '', time = ''] = new Date(target.at).toISOString().slice(0, 19).split('T')
      const fraction = /\.\d+/.exec(target.at)?.[0].slice(0, 7) ?? ''
      return { type: 'time', text: `${date} ${time}${fraction}+00` }
    }
    case 'lsn':
      return { type: 'lsn', text: target.lsn }
    case 'xid':
      return { type: 'xid', text: target.xid }
    case 'name':
      return { type: 'name', text: target.name }
  }
}
