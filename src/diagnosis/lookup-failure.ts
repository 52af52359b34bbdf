import type { AlarmSource } from '../model/alarm.ts'
import type { Language, Text } from '../model/language.ts'
import type { LookupFailure } from '../model/lookup-failure.ts'
import { type Params, sentences, t } from '../text/index.ts'
import { problemText, subjectOf } from './gaps/failures.ts'
import { TEXTS } from './texts.ts'

const { ways, ...WORDS } = TEXTS.lookupFailures

/** Why a CLB could not be looked up, and what to do next. Each is a sentence. */
export interface LookupFailureTexts {
  readonly why: string
  readonly todo: string
}

/** @param source who asked: only a person at a shell has flags, and only a request has fields */
export function lookupFailureTexts(
  failure: LookupFailure,
  source: AlarmSource,
  language: Language,
): LookupFailureTexts {
  const door = source === 'cli' || source === 'api' ? source : 'alarm'
  const isRegionNamed = 'isRegionNamed' in failure && failure.isRegionNamed === true
  const filled = (text: { readonly why: Text; readonly todo: Text }, params: Params): LookupFailureTexts => {
    const all = {
      region: failure.region ?? '-',
      regionWay: ways.region[door === 'alarm' && isRegionNamed ? 'named' : door],
      vpcWay: ways.vpc[door],
      ...params,
    }
    return { why: t(text.why, all, language), todo: t(text.todo, all, language) }
  }
  switch (failure.kind) {
    case 'credentials':
      return failure.variable === null
        ? filled(WORDS.clock, { code: failure.code })
        : filled(WORDS.credentials, { code: failure.code, variable: failure.variable })
    case 'defect':
      return filled(WORDS.defect, { detail: failure.detail.slice(0, 120) })
    case 'unreadable': {
      const { action, problem } = failure.failure
      const { why, todo } = WORDS.unreadable
      return filled(
        { why, todo: todo[problem === 'denied' ? 'denied' : 'others'] },
        { subject: subjectOf(action, language), why: problemText(failure.failure, language) },
      )
    }
    default:
      return filled(WORDS[failure.kind], { searched: failure.searched, candidates: failure.candidates })
  }
}

/** The same in one line. */
export function lookupFailureText(failure: LookupFailure, source: AlarmSource, language: Language): string {
  const { why, todo } = lookupFailureTexts(failure, source, language)
  return sentences([why, todo], language)
}
