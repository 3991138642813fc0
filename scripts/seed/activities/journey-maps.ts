import type { Weighted } from '@/scripts/seed/random'

interface Step {
  seconds: number
  next: Weighted<string>
}

/** Steps by name. `exit` leaves; `complete` completes the run. The first is where it starts. */
export type Journey = Record<string, Step>

export const onboarding: Journey = {
  welcome: {
    seconds: 14,
    next: [
      ['profile', 90],
      ['exit', 10],
    ],
  },
  profile: {
    seconds: 55,
    next: [
      ['connect_data', 78],
      ['skip_profile', 12],
      ['exit', 10],
    ],
  },
  skip_profile: {
    seconds: 6,
    next: [
      ['connect_data', 80],
      ['exit', 20],
    ],
  },
  // The hard one: some go to the docs and come back.
  connect_data: {
    seconds: 130,
    next: [
      ['read_docs', 26],
      ['invite_team', 30],
      ['first_report', 26],
      ['exit', 18],
    ],
  },
  read_docs: {
    seconds: 150,
    next: [
      ['connect_data', 76],
      ['exit', 24],
    ],
  },
  invite_team: {
    seconds: 40,
    next: [
      ['first_report', 90],
      ['exit', 10],
    ],
  },
  first_report: {
    seconds: 75,
    next: [
      ['complete', 88],
      ['exit', 12],
    ],
  },
}

export const trading: Journey = {
  view_quote: {
    seconds: 22,
    next: [
      ['set_amount', 62],
      ['compare', 24],
      ['exit', 14],
    ],
  },
  compare: {
    seconds: 45,
    next: [
      ['view_quote', 70],
      ['exit', 30],
    ],
  },
  set_amount: {
    seconds: 25,
    next: [
      ['review', 84],
      ['view_quote', 10],
      ['exit', 6],
    ],
  },
  review: {
    seconds: 19,
    next: [
      ['place_order', 66],
      ['set_amount', 24],
      ['exit', 10],
    ],
  },
  place_order: {
    seconds: 8,
    next: [
      ['filled', 93],
      ['rejected', 7],
    ],
  },
  rejected: {
    seconds: 15,
    next: [
      ['set_amount', 58],
      ['exit', 42],
    ],
  },
  filled: { seconds: 9, next: [['complete', 100]] },
}

export const support: Journey = {
  open_help: {
    seconds: 12,
    next: [
      ['search_articles', 74],
      ['contact_form', 20],
      ['exit', 6],
    ],
  },
  search_articles: {
    seconds: 18,
    next: [
      ['read_article', 78],
      ['contact_form', 16],
      ['exit', 6],
    ],
  },
  read_article: {
    seconds: 80,
    next: [
      ['solved', 42],
      ['search_articles', 30],
      ['contact_form', 20],
      ['exit', 8],
    ],
  },
  contact_form: {
    seconds: 110,
    next: [
      ['chat', 74],
      ['exit', 26],
    ],
  },
  chat: {
    seconds: 320,
    next: [
      ['solved', 80],
      ['contact_form', 6],
      ['exit', 14],
    ],
  },
  solved: { seconds: 6, next: [['complete', 100]] },
}
