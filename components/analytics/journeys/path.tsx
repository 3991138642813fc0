import classes from './path.module.css'

/** The steps of a path in their order; it breaks between steps where the room ends. */
export const Path = ({ steps }: { steps: string[] }) => (
  <span className={classes.path}>
    {steps.map((step, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a step may stand at several places
      <span key={index}>
        {index > 0 && <span className={classes.arrow}> → </span>}
        <span className={classes.step}>{step}</span>
      </span>
    ))}
  </span>
)

/** The same as one line. */
export const pathText = (steps: string[]): string => steps.join(' → ')
