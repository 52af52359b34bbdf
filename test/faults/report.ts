import { readFileSync } from 'node:fs'
import { CHECKS } from '../../src/checks/index.ts'
import type { Certainty } from '../../src/model/diagnosis.ts'
import { CODES } from './catalogue/index.ts'
import { DENIED, HERRINGS } from './herrings.ts'
import { byShape } from './shape-report.ts'
import { storySection, type ToldStory } from './story-report.ts'
import { table } from './table.ts'
import { type Judged, levels, percent, totalsOf } from './totals.ts'

// Writes docs/accuracy.md.

/** These need a look inside machines, or packets to the far side: reading the API does not give them. */
const NOT_OF_API = ['guest-', 'peer-reach/', 'snat/detected-']
const isOfApi = (code: string): boolean => !NOT_OF_API.some((start) => code.startsWith(start))

export const REASONS: readonly string[] = CHECKS.flatMap(({ id, reasons }) =>
  Object.keys(reasons).map((reason) => `${id}/${reason}`),
)
  .filter(isOfApi)
  .sort()
/** The figures of the other page. */
function insideText(): string {
  const page = readFileSync(new URL('../../docs/accuracy-inside.md', import.meta.url), 'utf8')
  const [, named, looked, clbs] = /^All: (\d+) of (\d+) named, in (\d+) CLBs\.$/m.exec(page) ?? []
  if (clbs === undefined) throw new Error('docs/accuracy-inside.md has no line "All: … named"')
  return `A look inside the machines names it:\n${named} of ${looked} Dead backends that were looked at, in ${clbs} CLBs ([accuracy-inside.md](accuracy-inside.md)).`
}

const GUESTS = CODES.filter((code) => code.startsWith('guest/'))
function byReason(judged: readonly Judged[]): string {
  const rows = REASONS.map((code) => {
    const results = judged.flatMap(({ outcome }) => outcome.results).filter((own) => own.code === code)
    const wrongCauses = judged.flatMap(({ one, outcome }) =>
      outcome.wrongCauses
        .filter((own) => own.code === code)
        .map((own) => ({ ...own, isHealthy: one.injections.length === 0 })),
    )
    const found = results.filter((own) => own.found).length
    const at = (level: Certainty): number => wrongCauses.filter(({ certainty }) => certainty === level).length
    return [
      code,
      results.length,
      found,
      results.length - found,
      results.filter((own) => own.wrongCertainty).length,
      levels({ certain: at('certain'), likely: at('likely'), possible: at('possible') }),
      wrongCauses.filter(({ isHealthy }) => isHealthy).length,
    ]
  })
  return table(
    [
      'reason',
      'cases',
      'found',
      'missed',
      'wrong certainty',
      'wrong causes: certain / likely / possible',
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
      'wrong causes: certain / likely / possible',
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
        levels(totals.wrongCausesAt),
      ]
    }),
  )

const byHerring = (judged: readonly Judged[]): string =>
  table(
    [
      'red herring',
      'CLBs',
      'of these healthy',
      'false alarm on healthy',
      'wrong causes: certain / likely / possible',
    ],
    [...HERRINGS.map(({ name }) => name), DENIED].map((name) => {
      const own = judged.filter(({ one }) => one.herrings.includes(name))
      const totals = totalsOf(own)
      const healthy = own.filter(({ one }) => one.injections.length === 0).length
      return [name, own.length, healthy, totals.falseAlarms, levels(totals.wrongCausesAt)]
    }),
  )

const byGuest = (judged: readonly Judged[]): string =>
  table(
    [
      'fault inside the guest',
      'CLBs',
      'Dead backends left open',
      'not left open',
      'wrong causes: certain / likely / possible',
    ],
    GUESTS.map((code) => {
      const own = judged.filter(({ one }) => one.injections.length === 1 && one.injections[0]?.code === code)
      const totals = totalsOf(own)
      return [
        code.slice('guest/'.length),
        own.length,
        totals.open,
        totals.notOpen,
        levels(totals.wrongCausesAt),
      ]
    }),
  )

/** The text of docs/accuracy.md. The same results give the same bytes. */
export function reportOf(judged: readonly Judged[], stories: readonly ToldStory[]): string {
  const totals = totalsOf(judged)
  const { causes, causesFound, wrongCausesAt } = totals
  return `# Accuracy

How often clb-doctor is right, and how often it is wrong. \`npm run accuracy\` writes this page. A test fails if the page does
not match the run.

## What is measured

A test diagnoses ${judged.length} random CLBs. A seed (0 to ${judged.length - 1}) decides each of them, so every run has the same CLBs.

- **Shapes**: listeners and health checks of every protocol; machines, secondary interfaces, pods, clusters, managed
  services, and backends behind CCN in data centres and other regions; shared and multiple security groups, templates,
  network ACLs of both types; IPv4, IPv6, NAT64 and classic CLBs; CLBs that are named by a domain; ranges of ports.
- **Faults**: of ten CLBs one is healthy, six have one fault, and three have two faults. The catalogue of faults has every
  reason of every check. It also has faults inside the guest, which the API does not show.
- **Red herrings**: many CLBs also have something that looks like a fault and is harmless.

The simulated cloud computes the health of each backend from single packets. It answers API requests with the JSON text that
the API documents. It shares no code with the evaluator. The requests do not use sockets. Another test diagnoses 200 of the
CLBs with and without sockets, and gets the same bytes.

The packets and the injected faults define the truth before clb-doctor runs. Each diagnosis is compared with this truth:

- **found**: the code, the resources, the deciding rule and the backends are all exactly right. Everything else is
  **missed**. If several settings are possible causes, the right one counts as found even if it is not listed first.
- **wrong cause**: neither an injected fault nor a packet supports the cause, or the cause names a backend that it does not
  keep Dead. Wrong causes are counted by the certainty that the diagnosis gives them.
- **wrong certainty**: the certainty is higher than the documents allow where they disagree ([checks](checks/)), or it is
  \`possible\` although the facts leave no doubt.
- **left open**: only the guest can show the fault. The diagnosis names no certain or likely cause, and a gap gives the
  commands to run by hand.
- **told as seen**: a step on the way to a Dead backend could not be judged, and the report does not name what is unknown.

## What this does not prove

The simulated cloud behaves as the documents say. If two documents disagree, some CLBs follow the first and some follow the
second. If the real platform behaves differently, these numbers do not show it. The faults are of kinds that we know. Each
kind is about equally frequent, unlike in real incidents. \`npm run test:kernel\` compares the evaluation of rules and
address sets with a real packet filter.

## Result

${table(
  ['', 'goal', 'measured'],
  [
    ['causes named exactly', '≥ 99.5 %', `${percent(causesFound, causes)} (${causesFound} of ${causes})`],
    [
      'other findings found',
      '≥ 99 %',
      `${percent(totals.othersFound, totals.others)} (${totals.othersFound} of ${totals.others})`,
    ],
    ['wrong cause named as certain', 0, wrongCausesAt.certain],
    ['wrong cause named as likely', 0, wrongCausesAt.likely],
    ['wrong cause named as possible', '–', wrongCausesAt.possible],
    ['cause named on a healthy CLB', 0, totals.falseAlarms],
    ['wrong certainty', '–', totals.wrongCertainty],
    [
      'Dead backends that the API cannot explain, left open',
      'all',
      `${totals.open} of ${totals.open + totals.notOpen}`,
    ],
    ['wrong verdict', 0, totals.wrongVerdicts],
    ['unknown step of a Dead backend, told as seen', 0, totals.toldAsSeen],
  ],
)}

A \`possible\` cause comes with a gap and the commands that confirm or exclude it. Most wrong ones are settings that can be
the cause, but are not the cause in this case.

${byCount(judged)}

## Per reason

${byReason(judged)}

## Inside the guest

These CLBs have only one fault, and the API does not show it. ${insideText()}

${byGuest(judged)}

## What the API leaves open

These CLBs have a rule whose source is a security group, a domain in place of a VIP, or listeners for ranges of ports. It
is not documented whether a VIP or a SNAT IP is a member of a group, and which port of a range is probed. In some of these
CLBs that is the cause, in some it stands beside another cause, and in some it is harmless. If every answer gives the same
result, it must be told; if not, the step must be left open, and the rule must be named.

${byShape(judged)}

## Red herrings

${byHerring(judged)}

${storySection(stories)}
## Missed and wrong

One line for each CLB with a missed finding, a wrong certainty, a wrong verdict, or a wrong cause that is certain or likely.
\`FAULT_SEED=<seed> npx vitest run test/faults/accuracy.slow.test.ts\` shows one again.

${table(
  ['seed', 'faults', 'result'],
  judged
    .filter(isGrave)
    .map(({ one, outcome }) => [
      one.seed,
      one.injections.map(({ code }) => code).join(', '),
      wrongsOf({ one, outcome }).join(', '),
    ]),
)}
`
}

/** Each missed finding, wrong certainty, wrong verdict, wrong cause, and each failure to leave a backend open. */
const wrongsOf = ({
  outcome: { results, wrongCauses, verdict, open, toldAsSeen },
}: Judged): readonly string[] => [
  ...results.filter(({ found }) => !found).map(({ code }) => `missed ${code}`),
  ...results.filter(({ wrongCertainty }) => wrongCertainty).map(({ code }) => `wrong certainty of ${code}`),
  ...wrongCauses
    .filter(({ certainty }) => certainty !== 'possible')
    .map(({ code, certainty }) => `wrong cause ${code} (${certainty})`),
  ...(verdict === 'wrong' ? ['wrong verdict'] : []),
  ...(open.wrong > 0 ? ['not left open'] : []),
  ...(toldAsSeen > 0 ? ['told as seen'] : []),
]

export const isGrave = (judged: Judged): boolean => wrongsOf(judged).length > 0
