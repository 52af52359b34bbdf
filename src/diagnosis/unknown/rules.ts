import { lineText, SOURCE_NAMES } from '../../checks/index.ts'
import type { HopStage } from '../../model/diagnosis.ts'
import type { Language, Text } from '../../model/language.ts'
import type { HopNote, UnclearDetail, UnclearRule } from '../../path/index.ts'
import { type Decider, toCidrs } from '../../rules/index.ts'
import { listed, semicolons, t } from '../../text/index.ts'
import { problemText } from '../gaps/failures.ts'
import { TEXTS } from './texts.ts'
import type { Unknown } from './thing.ts'

/** A rule as a person finds it in the console: rules of groups are counted from 1, entries of ACLs have a priority. */
export function ruleName(by: Decider, stage: HopStage, language: Language): string {
  const { kind, id, index, words, groups } = by
  const isGroup = kind === 'security-group'
  if (words === null) {
    const ids = listed(groups ?? [id], language)
    return t(isGroup ? TEXTS.rules.denies.group : TEXTS.rules.denies.acl, { id: ids }, language)
  }
  const text = isGroup ? TEXTS.rules.group : TEXTS.rules.acl[stage === 'acl-out' ? 'acl-out' : 'acl-in']
  const position = index === null ? '?' : isGroup ? index + 1 : index
  return t(text, { id, position, line: lineText(by) }, language)
}

type Note = Extract<HopNote, { code: 'rule-unclear' }>

/** A rule that may decide: which, why that is open, and what settles it. */
export function unclearRule(
  { by, parts }: UnclearRule,
  note: Note,
  stage: HopStage,
  language: Language,
): Unknown {
  const via = SOURCE_NAMES[note.via]
  const grants = parts.flatMap((part) =>
    part.part === 'template-unread' && part.failure.problem === 'denied' ? part.failure.action : [],
  )
  return {
    subject: ruleName(by, stage, language),
    reason: semicolons(
      parts.map((part) => partText(part, via, language)),
      language,
    ),
    settle: settleText(parts, note, stage, language),
    hasOwnGap: false,
    ...(grants[0] === undefined ? {} : { grant: grants[0] }),
  }
}

const PARTS: Readonly<Record<UnclearDetail['part'], Text>> = TEXTS.parts

function partText(part: UnclearDetail, via: string, language: Language): string {
  const params = {
    via,
    id: 'id' in part ? part.id : '',
    text: ('text' in part ? part.text : null) ?? TEXTS.empty[language],
    why: part.part === 'template-unread' ? problemText(part.failure, language) : '',
  }
  return t(PARTS[part.part], params, language)
}

/** More sources than these make no rule that a person would add. */
const MOST_SOURCES = 10

function settleText(
  parts: readonly UnclearDetail[],
  note: Note,
  stage: HopStage,
  language: Language,
): string {
  for (const part of parts) {
    if (part.part === 'template-unread') {
      const { problem, action } = part.failure
      const isDenied = problem === 'denied'
      return t(isDenied ? TEXTS.unread.permission : TEXTS.unread.again, { action }, language)
    }
    if (part.part === 'template-not-found' || part.part === 'template-member')
      return t(TEXTS.settle.template, { id: part.id }, language)
  }
  const sources = note.sources === null ? [] : toCidrs(note.sources)
  const { protocol, port, endPort } = note
  const isPing = protocol === 'icmp' || protocol === 'icmpv6'
  if (sources.length === 0 || sources.length > MOST_SOURCES || (port === null && !isPing))
    return TEXTS.settle.console[language]
  if (stage === 'acl-out') return t(TEXTS.settle.reply, { sources }, language)
  const name = protocol.toUpperCase()
  const service = port === null ? name : `${name} ${port}${endPort == null ? '' : `-${endPort}`}`
  const allow = t(TEXTS.settle.allow, { service, sources }, language)
  const isOfGroup = parts.some(({ part }) => part === 'source-group')
  return isOfGroup ? `${allow}${TEXTS.settle.control[language]}` : allow
}
