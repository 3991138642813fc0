/** What each number of a funnel means, with its edges. */
export const definitions = {
  funnels:
    'Funnels with records in the range, and all saved ones. Tracked: stages that an app records with runs. From events: steps over events, counted by user.',
  entered:
    'Runs that entered the first stage, and those that were completed without it; for a funnel from events, users, each by the pass that got furthest. A run belongs to the range in which it begins, with the device, browser and properties of its first record.',
  completed:
    'Runs that were recorded as complete, even if they were never started; for a funnel from events, users who reached the last step. A completion counts whenever it came, unless a window limits the run.',
  conversionRate:
    'completed / entered. None, where nothing entered, or where a list had no time left to count.',
  timeToConvert: 'The median of the time from the first stage to the last, over the runs that entered it.',
  stages:
    'A run enters a stage at its first record of it. In order: a stage counts only if the run entered every earlier stage before it. Any order: every stage that the run has. The pale part of a bar is what dropped off since the stage before.',
  fromStart: 'Entered this stage / entered the first.',
  fromPrevious: 'Entered this stage / entered the stage before that is not optional.',
  dropOff: 'Entered the stage before that is not optional, but not this one.',
  timeToStage:
    'From the first stage to this one, over the runs that entered it: half took at most p50, nine in ten at most p90.',
  timeInStage:
    'From this stage to the next that the run entered, or to its completion: half took at most p50, nine in ten at most p90. Runs that went no further do not count.',
  trend:
    'Runs by the interval in which they began, and how many of those were completed, whenever that was. So the newest intervals may still rise. The dashed line is the same length of time just before the range.',
  breakdown:
    'The same funnel for each value that the first record of a run has; the ten values with the most runs, and all others together, whose times are not measured. Each bar is the share of that value’s own first stage.',
  builder:
    'A user enters at the first step, and each later step counts after the one before. An optional step may be left out. An excluded event between two steps ends the pass. The window runs from the first step.',
}
