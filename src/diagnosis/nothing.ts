import type { ClbReference } from '../model/alarm.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import type { LookupFailure } from '../model/lookup-failure.ts'
import { t } from '../text/index.ts'
import { attentionOf } from './attention.ts'
import type { Circumstances } from './circumstances.ts'
import { problemText, subjectOf } from './gaps/failures.ts'
import { TEXTS } from './texts.ts'

/** Why the CLB could not be looked up, in one line that says what to do next. */
export function lookupFailureText(lookupFailure: LookupFailure, language: Language): string {
  const region = lookupFailure.region ?? '-'
  switch (lookupFailure.kind) {
    case 'credentials':
      return lookupFailure.variable === null
        ? t(TEXTS.lookupFailures.clock, { code: lookupFailure.code }, language)
        : t(
            TEXTS.lookupFailures.credentials,
            { region, code: lookupFailure.code, variable: lookupFailure.variable },
            language,
          )
    case 'defect':
      return t(TEXTS.lookupFailures.defect, { region, detail: lookupFailure.detail.slice(0, 120) }, language)
    case 'unreadable': {
      const { failure } = lookupFailure
      const subject = subjectOf(failure.action, language)
      const why = problemText(failure, language)
      return t(TEXTS.lookupFailures.unreadable, { subject, why }, language)
    }
    default:
      return t(
        TEXTS.lookupFailures[lookupFailure.kind],
        { region, searched: lookupFailure.searched, candidates: lookupFailure.candidates },
        language,
      )
  }
}

/** The Diagnosis of a CLB that could not be looked up: `inconclusive`, with the reason as its only gap. */
export function diagnoseNothing(
  lookupFailure: LookupFailure,
  clb: ClbReference,
  context: Circumstances,
): Diagnosis {
  const { language } = context
  const line = lookupFailureText(lookupFailure, language)
  const failure = lookupFailure.kind === 'unreadable' ? lookupFailure.failure : null
  const id = clb.loadBalancerId
  return {
    schemaVersion: 1,
    id: context.id,
    createdAt: context.createdAt,
    language,
    trigger: context.trigger,
    loadBalancer:
      id === null
        ? null
        : { id, region: lookupFailure.region ?? '', vips: clb.vip === null ? [] : [clb.vip] },
    verdict: 'inconclusive',
    attention: attentionOf({ verdict: 'inconclusive', pools: [], findings: [], trigger: context.trigger }),
    headline: line,
    pools: [],
    findings: [],
    checks: [],
    gaps: [
      {
        what: subjectOf('clb:DescribeLoadBalancers', language),
        why: line,
        action: failure?.action ?? 'clb:DescribeLoadBalancers',
        ...(failure ? { errorCode: failure.code } : {}),
        ...(lookupFailure.kind === 'credentials' ? { errorCode: lookupFailure.code } : {}),
        ...(failure?.problem === 'denied' ? { grant: failure.action } : {}),
      },
    ],
    changes: [],
    stats: context.stats,
  }
}
