/** What each number means, with its edges. */
export const definitions = {
  list: 'Users with at least one event in the range that matches the filters, last seen first. Events and sessions are those of the range; device, browser and OS are those of the newest event. “Anonymous” is known by an anonymousId only.',
  records: 'Records of all five kinds that are stored of this user, whenever they occurred.',
  kind: 'Records of this kind that are stored of this user, whenever they occurred.',
  sessions: 'Distinct sessionIds among all records of this user.',
  firstSeen: 'When the first record that is stored of this user occurred.',
  lastSeen: 'When the newest record that is stored of this user occurred.',
  activeDays: 'Days of the last 90, in the project’s timezone, with at least one record of any kind.',
  activity: 'Records of all kinds by day of the project’s timezone, over the last 90 days.',
  features: 'The ten features that this user has most records of, whenever they occurred.',
  timeline: 'Records of all five kinds, newest first by when they occurred, whatever the range.',
}
