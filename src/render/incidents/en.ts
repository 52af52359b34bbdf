import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  state: { open: 'open', updated: 'open', recovered: 'recovered', closed: 'closed' },
  attention: {
    none: 'nothing to do',
    watch: 'watch',
    'act-soon': 'act soon',
    'act-now': 'act now',
  },
  news: {
    first: 'first message',
    worse: 'worse',
    'another CLB': 'another CLB',
    changed: 'another cause',
    flapping: 'flapping',
    reminder: 'reminder',
    reopened: 'fired again',
    recovered: 'recovered',
  },
  outcome: {
    delivered: 'delivered',
    waiting: 'not sent yet',
    retry: 'failed, is sent again',
    unknown: 'may have arrived',
    permanent: 'refused by the receiver',
    dropped: 'given up',
  },
  event: {
    opened: 'trouble was found',
    joined: 'joined',
    left: 'moved to another incident',
    looked: 'look',
    told: 'told',
    acknowledged: '{name} has it',
    silenced: '{name} silenced it until {time}',
    recovered: 'recovered',
    reopened: 'fired again',
    merged: 'became one with another incident',
    closed: 'closed',
  },
  page: {
    since: 'since {time}',
    recoveredAt: 'recovered at {time}',
    again: 'fired again {count|once|# times}',
    acknowledged: '{name} has it; ends by itself at {time}',
    silenced: 'silenced by {name}; ends by itself at {time}',
    merged: 'It is a part of another incident now',
    open: 'Open that incident',
    deliveries: 'Messages',
    timeline: 'What happened',
    nobody: 'No receiver has been told yet',
    older: '{count|1 earlier entry is|# earlier entries are} not shown',
    noDiagnosis: 'The diagnoses of this incident are no longer kept',
    acknowledge: 'I have it',
    silence: 'Silence',
  },
  button: {
    acknowledge: {
      title: 'I have it',
      lead: 'Later messages will say who has it. It ends by itself after 8 hours. Messages are sent as before.',
      button: 'I have it',
      done: 'Noted: {name} has it. It ends by itself at {time}. Later messages say so.',
    },
    silence: {
      title: 'Silence this incident',
      lead: 'Until it ends, two things alone are told: the recovery, and a listener that loses its last healthy backend. It ends by itself.',
      button: 'Silence',
      done: 'Silenced by {name}. It ends by itself at {time}; messages follow again after that.',
    },
    name: 'Your name (may be left out)',
    hours: 'For how long',
    hour: '{count|1 hour|# hours}',
    back: 'Open the incident',
    over: 'This incident has recovered. There is nothing left to take over, and nothing was changed.',
    gone: {
      title: 'This incident is no longer kept',
      text: 'An incident is removed 90 days after it was closed. If this one is recent, ask the people who run clb-doctor to look at its store.',
    },
  },
  refused: {
    none: {
      title: 'The link is not complete',
      text: 'Open the link in the message itself. If you copy it, copy all of it, with the part behind the question mark.',
    },
    wrong: {
      title: 'The link is not valid',
      text: 'It was changed, or it was not made here. Open it from the message again. If that does not help, its key may have been replaced: use the link of a newer message about this incident.',
    },
    expired: {
      title: 'The link has expired',
      text: 'A link is valid for 7 days. Use the link of a newer message about this incident.',
    },
    origin: {
      title: 'The request came from another page',
      text: 'Nothing was changed. Open the link from the message again, and press the button of its page.',
    },
    form: {
      title: 'The form was not right',
      text: 'Nothing was changed. Open the link from the message again, and press the button of its page.',
    },
  },
} as const satisfies Translation<typeof zhCN>
