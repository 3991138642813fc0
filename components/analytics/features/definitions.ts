/** What each number means, with its edges. */
export const definitions = {
  activeUsers:
    'Distinct users with a record of any kind in the range that match the filters. Adoption is measured against them.',
  features:
    'Features with at least one record in the range that match the filters, the 200 with the most users at the most.',
  users: 'Distinct users who opened, used or completed the feature in the range.',
  adoption:
    'Users of the feature over the active users of the range: those with a record of any kind that match the filters which all records have. The change is in percentage points.',
  opened: 'Records of the feature with the action “opened”, a first look at it.',
  used: 'Records of the feature with the action “used”, successful or not.',
  completed: 'Records of the feature with the action “completed”: it was brought to its end.',
  success:
    'Records that say success true over records that say true or false. Records that say neither do not count.',
  p50: 'Half of the records that have a duration took this long or less. Interpolated between the two nearest.',
  p90: 'Nine of ten records that have a duration took this long or less. Interpolated between the two nearest.',
  table:
    'Each feature with the users who opened, used or completed it; adoption, its users over all active users of the range, with the change in percentage points (pp); its records by action; success, of the records that say true or false; durations, of the records that have one: half (p50) and nine of ten (p90) took this long or less; and its most frequent error.',
  trend:
    'Records of the feature, or its distinct users, by interval of the project’s timezone. A user who comes back counts in each interval. The last interval may not be over yet.',
  errors:
    'Records that have an error, grouped by its text; the ten most frequent. The share is of those shown.',
  breakdown:
    'The feature’s numbers by the value of one field or property. Records without a value stand as “no value”, those of all values that have no row of their own as “all others”, so that the records add up. A user may be in several rows; of all others, users and durations are not measured.',
  retention:
    'A user belongs to the cohort of the interval in which they first used this feature, ever; the cells say which part of them used it again so many intervals later. Hatched intervals are not over, and the average leaves them out.',
}
