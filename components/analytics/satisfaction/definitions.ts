import type { Survey } from './surveys'

/** What each number means, with its edges. */
export const definitions = {
  score: {
    nps: 'Of all responses in the range, the share of scores 9 and 10 minus the share of scores 0 to 6, from −100 to 100. None without responses. The mark on the arc is the time before.',
    csat: 'Of all responses in the range, the share with a score of 4 or 5, from 0 to 100%. None without responses. The mark on the arc is the time before.',
    ces: 'The mean of the scores of the range, from 1 (hard) to 7 (easy). None without responses. The mark on the arc is the time before.',
  } satisfies Record<Survey, string>,
  responses:
    'Responses to this survey that occurred in the range and match the filters. A user who answers twice counts twice; a repeat with the same id and user counts once.',
  average: 'The mean of the scores, whatever the survey’s own score is made of.',
  groups: {
    nps: 'Promoters gave 9 or 10, passives 7 or 8, detractors 0 to 6. The shares are of all responses.',
    csat: 'Satisfied are scores 4 and 5, which CSAT counts; neutral is 3; not satisfied are 1 and 2.',
    ces: 'Easy are scores 5 to 7, hard are 1 to 3. CES itself is the mean and knows no groups.',
  } satisfies Record<Survey, string>,
  distribution: 'Responses by the score that they gave.',
  trend:
    'The score of each interval from its own responses; an interval without responses is a gap. The dashed line is the same length of time just before the range. The last interval may not be over yet.',
  breakdown:
    'The survey’s score and the mean of its scores by the value of one field, property or key of the context, for the twenty values with the most responses, and for all others together. Responses without a value stand as “no value”.',
  verbatims:
    'Responses with a text, newest first. The search finds responses that contain all of the words, in any case and order.',
}
