/** What each card of the overview says, with its edges. */
export const definitions = {
  funnels:
    'Runs, and users’ passes, that began in the range, and the part of them that was completed, for the five funnels that most entered.',
  falling:
    'Success of the last 7 days, today included, against the 7 days before, in percentage points (pp), whatever the range of the page. Success is records that say success true over records that say true or false. Features whose success fell come first.',
  nps: 'Of all NPS responses in the range, the share of scores 9 and 10 minus the share of scores 0 to 6, from −100 to 100. The mark on the arc is the time before.',
}
