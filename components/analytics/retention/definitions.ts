/** What each number means, with its edges. */
export const definitions = {
  cohorts:
    'A user belongs to the cohort of the interval in which their first event ever lies; the cells say which part of them came back with an event, or with the chosen one, so many intervals later. Filters select the events that are looked at, for the first as for those after it. Hatched intervals are not over at the end of the range, and the average leaves them out. The average weighs each cohort by its users.',
  users: 'Users whose first event ever lies in the range: the sum of all cohorts.',
  returned:
    'Of the users in cohorts for which this interval is over, the part that came back in it. None while it is over for no cohort.',
  curve:
    'The part of all users that came back, by intervals since their first, over the cohorts for which the interval is over.',
}
