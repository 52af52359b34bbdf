import type { ProbeVia } from '../model/diagnosis.ts'
import type { Text } from '../model/language.ts'
import { blockedCidrs, type Denied, type Hop, type OpenRemainder, type Shadowed } from '../path/index.ts'
import type { Decider } from '../rules/index.ts'
import { clauses, enumerated, filled, following, inEachLanguage, listed, NOTHING, t } from '../text/index.ts'
import { SHARED } from './texts.ts'

/** The prober's address as the documents and the console call it. */
export const SOURCE_NAMES: Readonly<Record<ProbeVia, string>> = {
  vip: 'VIP',
  '100.64': '100.64.0.0/10',
  '169.254': '169.254.128.0/17',
  snat: 'SNAT IP',
  unknown: '?',
}

/** The rule as the console shows it, in words: `denies TCP 8080 ← 203.0.113.0/24`. Empty for the implicit deny. */
export function lineText({ line, words }: Decider, hasRemark = false): Text {
  if (!line) return inEachLanguage(() => words ?? '')
  const { verdict, action, match, remark } = line
  const rest = hasRemark && remark !== null ? `${match} "${remark}"` : match
  return filled(SHARED.line[verdict], { action: action ?? '?', rest })
}

/** One line that proves a denial: the rule with its remark, or that no rule allows the probe. */
export const quoteText = (by: Decider): Text => (by.index === null ? SHARED.defaultDeny : lineText(by, true))

/** Rules of groups are counted from 1, as the console shows them. Entries of ACLs have a priority. */
const placeIn = ({ index }: Decider) => ({ place: (index ?? 0) + 1, priority: index ?? '?' })

/** The rule that decides, for use within a sentence. */
export const ruleText = (by: Decider): Text =>
  by.index === null
    ? SHARED.defaultDeny
    : filled(SHARED.rule[by.kind], { ...placeIn(by), line: lineText(by) })

/** What a probe or its reply meets: a rule that denies it, or none that allows it. */
export const metText = (by: Decider): Text =>
  by.index === null ? SHARED.defaultDeny : filled(SHARED.met[by.kind], { ...placeIn(by), line: lineText(by) })

/** What denies, as the subject of a title. */
export function denierText(by: Decider, direction: 'ingress' | 'egress'): Text {
  const ids = by.index === null && by.groups ? by.groups : [by.id]
  const id = inEachLanguage((language) => listed(ids, language))
  if (by.index === null) return filled(SHARED.deniers[by.kind].default, { id })
  if (by.kind === 'security-group')
    return filled(SHARED.deniers['security-group'].rule, { id, ...placeIn(by) })
  return filled(SHARED.deniers['network-acl'][direction], { id, ...placeIn(by) })
}

/** The rule that decides under a reading of a port. Only the source reading has to be named. */
export const underReading = (reading: Denied['reading'], rule: Text): Text =>
  reading === 'source' ? filled(SHARED.readings.source, { rule }) : rule

/** A sentence on the allow rule that a deny rule overrides. It names both. */
export function shadowedText(by: Decider, found: Shadowed | null): Text {
  if (!found) return NOTHING
  const { part } = found
  return filled(SHARED.shadowed, {
    elsewhere: found.by.id === by.id ? NOTHING : filled(SHARED.elsewhere, { id: found.by.id }),
    allowing: filled(SHARED.places.allowing[found.by.kind], placeIn(found.by)),
    line: lineText(found.by),
    part: part
      ? filled(SHARED.part.some, { cidrs: inEachLanguage((language) => enumerated(part, language)) })
      : SHARED.part.all,
    denying: filled(SHARED.places.denying[by.kind], {
      ...placeIn(by),
      of: found.by.id === by.id ? NOTHING : filled(SHARED.elsewhere, { id: by.id }),
    }),
  })
}

/** A list shows this many items at most. */
const MOST = 6

const some = (list: readonly string[]): Text =>
  inEachLanguage((language) => enumerated(list.slice(0, MOST), language) + (list.length > MOST ? ' …' : ''))

/** What these hops deny: sentences on the addresses, on the ports, or on both. */
export function lackingText(hops: readonly Hop[]): Text {
  const blocked = blockedCidrs(hops).map(bareAddress)
  const closed = hops.flatMap(({ notes }) =>
    notes.flatMap((note) => (note.code === 'reply-ports' ? note.closed : [])),
  )
  return following([
    ...(blocked.length > 0 ? [filled(SHARED.lacking.addresses, { list: some(blocked) })] : []),
    ...(closed.length > 0 ? [filled(SHARED.lacking.ports, { list: some([...new Set(closed)]) })] : []),
  ])
}

/** What a block leaves open, as a clause. */
export function remainderText({ stage, protocol, ports, sources }: OpenRemainder): Text {
  const { remainder } = SHARED
  const numbers = (open: readonly string[], of: bigint) => ({
    open: some(open),
    of: of.toLocaleString('en-US'),
  })
  const portText = stage === 'acl-out' ? remainder['reply-ports'] : remainder['source-ports']
  return inEachLanguage((language) =>
    clauses(
      [
        ...(sources ? [t(remainder.sources, numbers(sources.open, sources.of), language)] : []),
        ...(ports
          ? [t(portText, { ...numbers(ports.open, ports.of), protocol: protocol.toUpperCase() }, language)]
          : []),
      ],
      language,
    ),
  )
}

/** A sentence on what blocks leave open. Empty without any remainder. */
export function remainingText(texts: readonly Text[]): Text {
  if (texts.length === 0) return NOTHING
  const remainders = inEachLanguage((language) =>
    clauses([...new Set(texts.map((text) => text[language]))], language),
  )
  return filled(SHARED.remaining, { remainders })
}

export const remaindersText = (hops: readonly Hop[]): Text =>
  remainingText(
    hops.flatMap(({ notes }) =>
      notes.flatMap((note) => (note.code === 'remainder' ? [remainderText(note.remainder)] : [])),
    ),
  )

/** From where the probes come, for use within a sentence. */
export function fromText(hops: readonly Hop[]): Text {
  const isKnown = hops.every(({ findings }) => findings.every(({ via }) => via !== 'unknown'))
  return isKnown
    ? filled(SHARED.from.known, { list: some(blockedCidrs(hops).map(bareAddress)) })
    : SHARED.from.unknown
}

/** A CIDR of one address as the address. */
export const bareAddress = (cidr: string): string => cidr.replace(/(?<=\.\d+)\/32$|(?<=:.*)\/128$/, '')
