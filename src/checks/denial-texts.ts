import type { ProbeVia } from '../model/diagnosis.ts'
import type { Text } from '../model/language.ts'
import type { Shadowed } from '../path/index.ts'
import type { Decider } from '../rules/index.ts'
import { enumerated, filled, inEachLanguage, NOTHING } from '../text/index.ts'
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
