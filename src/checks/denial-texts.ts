import type { ProbeVia } from '../model/diagnosis.ts'
import type { Text } from '../model/language.ts'
import { blockedCidrs, type Denied, type Hop, type OpenRemainder, type Shadowed } from '../path/index.ts'
import type { Decider } from '../rules/index.ts'
import { clauses, enumerated, filled, following, inEachLanguage, NOTHING, t } from '../text/index.ts'
import { SHARED } from './texts.ts'

/** The prober's address as the documents and the console call it. */
export const SOURCE_NAMES: Readonly<Record<ProbeVia, string>> = {
  vip: 'VIP',
  '100.64': '100.64.0.0/10',
  '169.254': '169.254.128.0/17',
  snat: 'SNAT IP',
  unknown: '?',
}

/** The rule that decides, for use within a sentence. */
export const ruleText = ({ kind, index, words }: Decider): Text =>
  index === null ? SHARED.defaultDeny : filled(SHARED.rule[kind], { index, words: words ?? '' })

/** The rule that decides under a reading of a port. Only the source reading has to be named. */
export const underReading = (reading: Denied['reading'], rule: Text): Text =>
  reading === 'source' ? filled(SHARED.readings.source, { rule }) : rule

/** A sentence on the allow rule that a deny rule overrides. It names both. */
export function shadowedText(by: Decider, found: Shadowed | null): Text {
  if (!found) return NOTHING
  const { part } = found
  return filled(SHARED.shadowed, {
    elsewhere: found.by.id === by.id ? NOTHING : filled(SHARED.elsewhere, { id: found.by.id }),
    position: SHARED.positions[by.kind],
    index: found.by.index ?? '',
    words: found.by.words ?? '',
    part: part
      ? filled(SHARED.part.some, { cidrs: inEachLanguage((language) => enumerated(part, language)) })
      : SHARED.part.all,
    first: by.index ?? '',
  })
}

/** A list shows this many items at most. */
const MOST = 6

const some = (list: readonly string[]): Text =>
  inEachLanguage((language) => enumerated(list.slice(0, MOST), language) + (list.length > MOST ? ' …' : ''))

/** What these hops deny: sentences on the addresses, on the ports, or on both. */
export function lackingText(hops: readonly Hop[]): Text {
  const blocked = blockedCidrs(hops)
  const closed = hops.flatMap(({ notes }) =>
    notes.flatMap((note) => (note.code === 'reply-ports' ? note.closed : [])),
  )
  const { addresses, ports } = SHARED.lacking
  return following([
    ...(blocked.length > 0 ? [filled(addresses, { list: some(blocked) })] : []),
    ...(closed.length > 0 ? [filled(ports, { list: some([...new Set(closed)]) })] : []),
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
