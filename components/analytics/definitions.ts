/** What each number means, with its edges. */
export const definitions = {
  events:
    'Events that occurred in the range, at its start and before its end. A repeat with the same id and user counts once. Bots are left out.',
  users:
    'Distinct users with at least one event in the range, counted exactly. A user is the userId, or the anonymousId before sign-in.',
  sessions: 'Distinct sessionIds among the events of the range. Events without one belong to no session.',
  averageDuration:
    'The mean of durationMs over the events that have one. Events without a duration do not count as 0.',
  eventsTrend:
    'Events by interval of the project’s timezone. The dashed line is the same length of time just before the range. The last interval may not be over yet.',
  usersTrend:
    'Distinct users in each interval. A user who comes back counts in each, so the points do not add up to the total.',
  top: 'The most frequent events by name and type. Users are those with at least one such event.',
  breakdown:
    'Events by the value of one field. The share is of all events in the range; events without a value stand as “no value”, those of all values that have no row of their own as “all others”. A user may be in several rows; those of all others are not counted.',
  list: 'Single events, newest first by when they occurred.',
  bots: 'Records dropped because the user agent is a bot’s, in the whole UTC days that touch the range. They are not stored, so filters do not apply.',
}
