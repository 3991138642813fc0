import classes from './state-band.module.css'

export interface BandPart {
  /** From 0 to 1 of the whole. */
  from: number
  to: number
  look: 'strong' | 'weak' | 'bad'
  title: string
}

/** What something was over time, as a thin band; where it has no part nothing is known. */
export const StateBand = ({ label, parts }: { label: string; parts: BandPart[] }) => (
  <svg
    className={classes.band}
    viewBox="0 0 1000 10"
    preserveAspectRatio="none"
    role="img"
    aria-label={label}
  >
    {parts.map(({ from, to, look, title }) => (
      <rect key={from} className={classes[look]} x={from * 1000} width={(to - from) * 1000} height="10">
        <title>{title}</title>
      </rect>
    ))}
  </svg>
)
