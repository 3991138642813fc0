/** What each number of a journey means, with its edges. */
export const definitions = {
  started:
    'Runs that begin in the range, at their first record, with the device, browser and properties of that record; with page views, sessions. With a start or an end step, only runs that have it.',
  completed:
    'Runs, of those that started in the range, that were recorded as complete, whenever that was. With page views, sessions that reach the end step; without one, nothing is completed.',
  completionRate: 'completed / started. None, where nothing started.',
  duration:
    'From the first step to the completion, or to the end step that was chosen, over the completed runs: half took at most the median, nine in ten at most p90.',
  flow: 'Where runs went, from their first step on, by the place of a step in the path; a step that comes back stands at each of its places. A step repeated at once counts once. Beyond the eight most frequent of a place, steps are called Other. Where a run ends, it left or was completed; Ended is where a step has both. With an end step, every run shown reached it.',
  trend:
    'Runs by the interval in which they began, and how many of those were completed, whenever that was. So the newest intervals may still rise. The dashed line is the same length of time just before the range.',
  paths:
    'Whole paths by how many runs took them, a step repeated at once counted once. Completion is of the runs on that path.',
  transitions: 'How often one step came right after another. The share is of all transitions shown.',
  steps:
    'Visits: how often runs came to a step, again and again if they came back. Exits: runs that ended here without completing; the rate is exits / visits. Time on step: until the next step or the completion, so a last step without one has none.',
  breakdown:
    'Runs by a value that their first record has; the ten values with the most runs, and all others together, whose durations are not measured. Runs without one stand as “no value”.',
  runs: 'Single runs that begin in the range, newest first. Start and end steps do not apply here.',
}
