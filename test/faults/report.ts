import { CHECKS } from '../../src/checks/index.ts'
import type { Certainty } from '../../src/model/diagnosis.ts'
import type { Case } from './cases.ts'
import { CODES } from './catalogue/index.ts'
import { DENIED, HERRINGS } from './herrings.ts'
import type { Outcome } from './judge.ts'

// What the cases came to, added up and written down.

export interface Judged {
  readonly one: Case
  readonly outcome: Outcome
}

export const REASONS: readonly string[] = CHECKS.flatMap(({ id, reasons }) =>
  Object.keys(reasons).map((reason) => `${id}/${reason}`),
).sort()
const GUESTS = CODES.filter((code) => code.startsWith('guest/'))
const LEVELS: readonly Certainty[] = ['certain', 'likely', 'possible']

export interface Totals {
  readonly causes: number
  readonly causesFound: number
  readonly causesAt: Readonly<Record<Certainty, number>>
  readonly others: number
  readonly othersFound: number
  readonly wrongCertainty: number
  readonly named: Readonly<Record<Certainty, number>>
  readonly falseAlarms: number
  readonly open: number
  readonly notOpen: number
  readonly wrongVerdicts: number
}

const sum = <T>(values: readonly T[], of: (value: T) => number): number =>
  values.reduce((total, value) => total + of(value), 0)

export function totalsOf(judged: readonly Judged[]): Totals {
  const fared = judged.flatMap(({ outcome }) => outcome.fared)
  const misnamed = judged.flatMap(({ outcome }) => outcome.misnamed)
  const causes = fared.filter(({ isCause }) => isCause)
  const others = fared.filter(({ isCause }) => !isCause)
  const at = (level: Certainty): number => misnamed.filter(({ certainty }) => certainty === level).length
  const foundAt = (level: Certainty): number => causes.filter(({ certainty }) => certainty === level).length
  return {
    causes: causes.length,
    causesFound: causes.filter(({ found }) => found).length,
    causesAt: { certain: foundAt('certain'), likely: foundAt('likely'), possible: foundAt('possible') },
    others: others.length,
    othersFound: others.filter(({ found }) => found).length,
    wrongCertainty: fared.filter(({ wrongCertainty }) => wrongCertainty).length,
    named: { certain: at('certain'), likely: at('likely'), possible: at('possible') },
    falseAlarms: sum(
      judged.filter(({ one }) => one.injections.length === 0),
      ({ outcome }) => outcome.misnamed.length,
    ),
    open: sum(judged, ({ outcome }) => outcome.open.right),
    notOpen: sum(judged, ({ outcome }) => outcome.open.wrong),
    wrongVerdicts: judged.filter(({ outcome }) => outcome.verdict === 'wrong').length,
  }
}

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [
    `| ${head.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(head.length - 1)}`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n')

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`

const levels = (named: Readonly<Record<Certainty, number>>): string =>
  LEVELS.map((level) => named[level]).join(' / ')

function byReason(judged: readonly Judged[]): string {
  const rows = REASONS.map((code) => {
    const fared = judged.flatMap(({ outcome }) => outcome.fared).filter((own) => own.code === code)
    const misnamed = judged.flatMap(({ one, outcome }) =>
      outcome.misnamed
        .filter((own) => own.code === code)
        .map((own) => ({ ...own, isHealthy: one.injections.length === 0 })),
    )
    const found = fared.filter((own) => own.found).length
    const at = (level: Certainty): number => misnamed.filter(({ certainty }) => certainty === level).length
    return [
      code,
      fared.length,
      found,
      fared.length - found,
      fared.filter((own) => own.wrongCertainty).length,
      levels({ certain: at('certain'), likely: at('likely'), possible: at('possible') }),
      misnamed.filter(({ isHealthy }) => isHealthy).length,
    ]
  })
  return table(
    [
      'reason',
      'cases',
      'found',
      'missed',
      'wrong certainty',
      'named wrongly: certain / likely / possible',
      'false alarm on healthy',
    ],
    rows,
  )
}

const LABELS = ['healthy', 'one fault', 'two faults'] as const

const byCount = (judged: readonly Judged[]): string =>
  table(
    [
      '',
      'CLBs',
      'causes',
      'named exactly',
      'other findings',
      'found',
      'named wrongly: certain / likely / possible',
    ],
    LABELS.map((label, count) => {
      const own = judged.filter(({ one }) => one.injections.length === count)
      const totals = totalsOf(own)
      return [
        label,
        own.length,
        totals.causes,
        totals.causesFound,
        totals.others,
        totals.othersFound,
        levels(totals.named),
      ]
    }),
  )

const byHerring = (judged: readonly Judged[]): string =>
  table(
    [
      'beside it',
      'CLBs',
      'of these healthy',
      'false alarm on healthy',
      'named wrongly: certain / likely / possible',
    ],
    [...HERRINGS.map(({ name }) => name), DENIED].map((name) => {
      const own = judged.filter(({ one }) => one.herrings.includes(name))
      const totals = totalsOf(own)
      const healthy = own.filter(({ one }) => one.injections.length === 0).length
      return [name, own.length, healthy, totals.falseAlarms, levels(totals.named)]
    }),
  )

const byGuest = (judged: readonly Judged[]): string =>
  table(
    [
      'inside the machine',
      'CLBs',
      'Dead left open',
      'not left open',
      'named wrongly: certain / likely / possible',
    ],
    GUESTS.map((code) => {
      const own = judged.filter(({ one }) => one.injections.length === 1 && one.injections[0]?.code === code)
      const totals = totalsOf(own)
      return [code.slice('guest/'.length), own.length, totals.open, totals.notOpen, levels(totals.named)]
    }),
  )

/** docs/accuracy.md: the same judgements give the same bytes. */
export function reportOf(judged: readonly Judged[]): string {
  const totals = totalsOf(judged)
  const { causes, causesFound, named } = totals
  return `# Accuracy

How often clb-doctor is right, and how often it is wrong. Generated by \`npm run accuracy\`; a test fails when this page is
not what the run gives.

## What is measured

${judged.length} CLBs of random shape, each decided by its seed (0 to ${judged.length - 1}): listeners and checks of every protocol; machines, further
interfaces, pods, clusters, data centres and other regions behind CCN, managed services; shared and several groups,
templates, ACLs of both kinds; IPv4, IPv6, NAT64 and classic. One in ten is healthy, six have one fault of a catalogue that
has every reason of every check and what only a guest knows, three have two. Many have red herrings beside.

The simulated cloud works out each backend's health from single packets, and answers API requests with the JSON text that
the API documents. The requests do not go through sockets: a test diagnoses 200 of the CLBs both ways and gets the same
bytes. The simulated cloud shares no code with the evaluator. What is true is told by the packets and by what was injected, before
clb-doctor is asked:

- **found**: code, resources, deciding rule and backends are all exactly those. Anything less is **missed**. A setting that
  can only be suspected, beside others that can be suspected as well, need not be the one that is listed first.
- **named wrongly**: a cause that was not injected and that no packet bears out, or that is said of a backend which it
  does not keep Dead, with the certainty that it was given.
- **wrong certainty**: above what the documents allow where they disagree ([checks](checks/)), or \`possible\` where the
  facts leave no doubt.
- **left open**: what only a guest knows must get no certain or likely cause, and a gap with the commands to run by hand.

## What this does not prove

The simulated cloud behaves as the documents say (and, where they say two things, one way in one case and the other in the
next). Where the platform does otherwise, these numbers do not show it. The faults are of kinds that we thought of, and
their mix is even, not that of real incidents. What a rule or an address set comes to is proven against a real packet
filter besides (\`npm run test:kernel\`).

## Result

${table(
  ['', 'goal', 'measured'],
  [
    ['causes named exactly', '≥ 99 %', `${percent(causesFound, causes)} (${causesFound} of ${causes})`],
    [
      'other findings found',
      '≥ 99 %',
      `${percent(totals.othersFound, totals.others)} (${totals.othersFound} of ${totals.others})`,
    ],
    ['wrong cause named as certain', 0, named.certain],
    ['wrong cause named as likely', '–', named.likely],
    ['wrong cause named as possible', '–', named.possible],
    ['cause named on a healthy CLB', 0, totals.falseAlarms],
    ['wrong certainty', '–', totals.wrongCertainty],
    [
      'Dead that the API cannot explain, left open',
      'all',
      `${totals.open} of ${totals.open + totals.notOpen}`,
    ],
    ['wrong verdict', 0, totals.wrongVerdicts],
  ],
)}

A cause that is \`possible\` comes with a gap and the commands that settle it. Most of the wrong ones are settings that may
well be the reason, and are not this time.

${byCount(judged)}

## Per reason

${byReason(judged)}

## Inside the guest

CLBs whose only fault is one that the API does not show.

${byGuest(judged)}

## Red herrings

${byHerring(judged)}
`
}
