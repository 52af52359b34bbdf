import type { ClbReference } from '../model/alarm.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import type { LookupFailure } from '../model/lookup-failure.ts'
import { sentences } from '../text/index.ts'
import { attentionOf } from './attention.ts'
import type { Circumstances } from './circumstances.ts'
import { subjectOf } from './gaps/failures.ts'
import { lookupFailureTexts } from './lookup-failure.ts'

/** The Diagnosis of a CLB that could not be looked up: `inconclusive`, with the reason as its only gap. */
export function diagnoseNothing(
  lookupFailure: LookupFailure,
  clb: ClbReference,
  context: Circumstances,
): Diagnosis {
  const { language } = context
  const { why, todo } = lookupFailureTexts(lookupFailure, context.trigger.source, language)
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
    headline: sentences([why, todo], language),
    pools: [],
    findings: [],
    checks: [],
    gaps: [
      {
        what: subjectOf('clb:DescribeLoadBalancers', language),
        why,
        settle: todo,
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
