import {
  type Diagnosis,
  type Finding,
  type Gap,
  isEntry,
  isExpectedCause,
  isOfLookup,
  isReason,
} from '../model/diagnosis.ts'
import { endpointOf } from '../model/endpoint.ts'
import type { Language } from '../model/language.ts'
import { alarmStateOf } from '../model/recovery.ts'
import { isRefuted, refutedIn } from '../model/refuted.ts'
import { isUnchecked } from '../model/requests.ts'
import { isOutside, isRefutedInside, unjudgedIn } from '../model/unjudged.ts'
import { isAdditional, isUnread } from '../model/unread.ts'
import { mark, t } from '../text/index.ts'
import type { Part, Step } from './blocks.ts'
import type { Impact } from './impact.ts'
import { reasonOf } from './reason.ts'
import { some } from './some.ts'
import { TEXTS } from './texts.ts'

// The parts about backends without a cause, hops that could not be judged and facts that could not be read.

const MOST_OPEN = 2
const MOST_STEPS = 3
const MOST_BACKENDS = 3
const LINES_OF_TITLE = 1
/** What a person on call reads first. */
const FIRST_LINES = 6
const WORDS = TEXTS.summary

/** True if a backend is Dead and no finding that the user expects explains it. */
function isDeadOpen({ findings, pools }: Diagnosis): boolean {
  const expected = new Set(findings.filter(isExpectedCause).flatMap(({ explains }) => explains))
  return pools.some(({ targets }) =>
    targets.some(({ key, status }) => status === 'Dead' && !expected.has(key)),
  )
}

/** No cause: what could not be judged, or that everything passes, and what to look at next. */
export function unexplainedParts(
  diagnosis: Diagnosis,
  { isWell }: Pick<Impact, 'isWell'>,
  language: Language,
): readonly Part[] {
  const { verdict, headline, gaps, findings, loadBalancer } = diagnosis
  const part = (topic: 'cause' | 'action', label: string, text: string, own: Partial<Part> = {}): Part => ({
    kind: 'part',
    topic,
    label,
    text,
    brief: { rank: topic === 'cause' ? 2 : 3, items: 1 },
    ...own,
  })
  if (isWell && alarmStateOf(diagnosis) === 'firing-healthy')
    return [part('action', WORDS.action[language], WORDS.flapping[language])]
  if (!isDeadOpen(diagnosis)) {
    const isSaid = verdict !== 'inconclusive' || isUnchecked(diagnosis) || findings.some(isPending)
    if (isSaid || openParts(diagnosis, language).length > 0) return []
    const sought = gaps.find(isOfLookup)
    return [
      part('cause', WORDS.cause[language], sought?.why ?? reasonOf(headline, loadBalancer), { tone: 'grey' }),
      ...(sought?.settle ? [part('action', WORDS.action[language], sought.settle)] : []),
    ]
  }
  const cause = (text: string, own: Partial<Part> = {}): Part =>
    part('cause', WORDS.cause[language], text, { tone: 'grey', ...own })
  const unjudged = unjudgedIn(diagnosis)
  const [first] = unjudged
  if (first) {
    const alike = unjudged.filter(({ looked, reason }) => looked && reason === first.reason)
    const subjects = alike.length > 0 ? alike.map(({ subject: own }) => own) : [first.subject]
    const subject = some(subjects, MOST_BACKENDS, language)
    return [
      cause(t(WORDS.unjudged, { subject }, language), { quotes: [first.reason] }),
      ...(first.settle ? [part('action', WORDS.action[language], capitalised(first.settle))] : []),
    ]
  }
  const warming = findings.find(({ code }) => code === 'pool-membership/warming-up')
  if (warming) return [cause(warming.title)]
  // `openParts` names the calls that failed.
  if (gaps.some((gap) => isUnread(gap) && !isAdditional(gap))) return []
  const isSame = isRefutedInside(diagnosis)
  const isElsewhere = isSame || isOutside(diagnosis)
  const nothing = isAnyRefuted(diagnosis) ? 'refuted' : 'none'
  return [
    cause(WORDS[isSame ? 'same' : isElsewhere ? 'outside' : nothing][language]),
    ...stepsByHand(diagnosis, isElsewhere, language).map((own) =>
      part('action', WORDS.action[language], '', own),
    ),
  ]
}

/** Is there a Dead backend whose way a rule would block, if healthy backends did not refute it? */
function isAnyRefuted({ findings, pools }: Diagnosis): boolean {
  const refuted = refutedIn(findings)
  return pools.some(({ targets }) =>
    targets.some(({ status, path }) => status === 'Dead' && path.some((hop) => isRefuted(hop, refuted))),
  )
}

/** The impact and the line about the finding say it all. */
const isPending = ({ code }: Finding): boolean => code === 'pool-membership/not-probed-yet'

/** A clause as a sentence of its own. */
const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Dead backends without a finding that accounts for them. */
function openBackends({ findings, pools }: Diagnosis): readonly string[] {
  const told = new Set(findings.filter(isReason).flatMap(({ explains }) => explains))
  const dead = pools.flatMap(({ targets }) =>
    targets.filter(({ key, status }) => status === 'Dead' && !told.has(key)),
  )
  return [...new Set(dead.map(endpointOf))]
}

/** It prints the probe for one backend, and how to have its output read. */
const PROBE = 'clb-doctor guest-script '

/** Not what stands behind it for a person. */
const withoutComment = (line: string): string => {
  const at = line.lastIndexOf('  # ')
  return at < 0 ? line : line.slice(0, at)
}

/**
 * The first steps by hand: the probe for inside of the machine and what reads its output, else a request from elsewhere.
 * The page and the mail have all of them, and say for which backend each is.
 */
function stepsByHand(
  diagnosis: Diagnosis,
  isElsewhere: boolean,
  language: Language,
): readonly Pick<Part, 'text' | 'steps'>[] {
  const all = diagnosis.gaps.map(({ byHand = [] }) => byHand.filter((line) => !line.startsWith('#')))
  const looksInside = (lines: readonly string[]): boolean => lines.some((line) => line.startsWith(PROBE))
  const inside = isElsewhere ? undefined : all.find(looksInside)
  const found =
    inside?.filter((line) => line.includes('clb-doctor ')) ??
    all.find((lines) => lines.length > 0 && !looksInside(lines))
  if (!found) return []
  const where = WORDS[inside ? (diagnosis.lookFollows ? 'insideToo' : 'inside') : 'neighbour']
  const lines = found.slice(0, MOST_STEPS).map(withoutComment)
  const steps: readonly Step[] = [
    { text: '', asides: [], commands: [{ kind: 'code', language: 'shell', lines }] },
  ]
  const target = some(openBackends(diagnosis), MOST_BACKENDS, language)
  return [{ text: t(where, { target }, language), steps }]
}

/** A message follows. The steps by hand say so themselves. */
export function followingPart(
  { lookFollows }: Diagnosis,
  before: readonly Part[],
  language: Language,
): readonly Part[] {
  const lines = before.flatMap(({ steps = [] }) =>
    steps.flatMap(({ commands }) => commands.flatMap((block) => block.lines)),
  )
  const isSaid = lines.some((line) => line.startsWith(PROBE))
  if (!lookFollows || isSaid) return []
  const text = WORDS.follows[language]
  return [{ kind: 'part', topic: 'open', text, brief: { rank: 4, items: 1 } }]
}

/** What could not be read or told, beside the causes. */
export function openParts(diagnosis: Diagnosis, language: Language): readonly Part[] {
  const { gaps, verdict } = diagnosis
  // Without a cause a person wants to know why the look inside said nothing. Its commands stand above.
  const isNoted = (gap: Gap): boolean => isAdditional(gap) && isDeadOpen(diagnosis)
  const isSaid = (gap: Gap): boolean => isOfLookup(gap) || ((gap.byHand ?? []).length > 0 && !isNoted(gap))
  const [unjudged] = unjudgedIn(diagnosis)
  const told = gaps.filter((gap) => !isEntry(gap) && !isSaid(gap) && gap.what !== unjudged?.subject)
  if (verdict === 'healthy') return []
  return told.slice(0, MOST_OPEN).map((gap, i) => ({
    kind: 'part',
    topic: 'open',
    label: WORDS[isUnread(gap) ? 'unread' : 'open'][language],
    text: `${gap.what}${mark('colon', language)}${gap.why}`,
    ...(i === MOST_OPEN - 1 && told.length > MOST_OPEN
      ? { quotes: [t(WORDS.more, { count: told.length - MOST_OPEN }, language)] }
      : {}),
    brief: { rank: 15 + i, items: 1 },
  }))
}

/**
 * Entries of clb-doctor.json that somebody has to mend. They stand last, and only in a message that is long enough, so
 * that they are never among its first lines, or that says nothing else.
 */
export function entryParts(
  { gaps }: Diagnosis,
  before: readonly Part[],
  language: Language,
): readonly Part[] {
  const lines = before.reduce(
    (sum, { quotes = [], steps = [] }) => sum + 1 + quotes.length + (steps.length > 1 ? steps.length : 0),
    LINES_OF_TITLE,
  )
  if (before.length > 1 && lines < FIRST_LINES) return []
  return gaps.filter(isEntry).map(({ what, why }, i) => ({
    kind: 'part',
    topic: 'open',
    ...(i === 0 ? { label: t(TEXTS.words.entries, {}, language) } : {}),
    text: `${what}${mark('colon', language)}${why}`,
    brief: { rank: 30 + i, items: 1 },
  }))
}
