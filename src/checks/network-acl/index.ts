import type { HopStage } from '../../model/diagnosis.ts'
import type { Paths } from '../../path/index.ts'
import { texts } from '../../text/index.ts'
import { type Check, type CheckResult, type Draft, result } from '../check.ts'
import {
  aboutDenial,
  type Denial,
  type DoubtsOf,
  denials,
  doubtsIn,
  evidenceOf,
  inferredOf,
  outcomesOf,
  paramsOf,
  resourcesOf,
  subjectsOf,
  targetsOf,
  whyUnknown,
} from '../denied-hop.ts'
import { certaintyUnder, doubtTexts, readingDoubts } from '../doubts.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const { reasons } = texts(zhCN, { en })

type Reason = keyof typeof reasons

/**
 * Guide 1.3: does the ACL of the target's subnet let the probe in and its reply out? An ACL is stateless, so both are
 * checked.
 */
export const networkAcl: Check = { id: 'network-acl', reasons, run }

function run(paths: Paths): CheckResult {
  const of = (stage: HopStage, verdict: 'block' | 'partial', reason: Reason): readonly Draft[] =>
    denials(paths, stage, verdict, doubtsOf).map((denial) =>
      aboutDenial(denial, (own) => draft(own, reason, stage, paths)),
    )
  const drafts = [
    ...of('acl-in', 'block', 'probe-blocked'),
    ...of('acl-out', 'block', 'reply-blocked'),
    ...of('acl-in', 'partial', 'probe-partly-blocked'),
    ...of('acl-out', 'partial', 'reply-partly-blocked'),
  ]
  const stages = ['acl-in', 'acl-out'] as const
  return result(drafts, outcomesOf(paths, stages), whyUnknown(paths, stages))
}

function draft(denial: Denial, reason: Reason, stage: HopStage, paths: Paths): Draft {
  const out = stage === 'acl-out'
  const doubts = doubtsIn(denial, paths)
  return {
    code: `network-acl/${reason}`,
    ...subjectsOf(denial),
    predicts: reason.includes('partly') ? 'flapping' : 'dead',
    targets: targetsOf(denial, paths),
    certainty: certaintyUnder(doubts),
    role: 'risk',
    severity: 'high',
    order: out ? 5 : 1,
    resources: resourcesOf(denial, paths),
    params: paramsOf(denial, out ? 'egress' : 'ingress'),
    doubts: doubtTexts(doubts),
    evidence: evidenceOf(denial, 'vpc:DescribeNetworkAcls', paths),
    fix: { kind: 'open-acl', aclId: denial.by.id, direction: out ? 'egress' : 'ingress' },
  }
}

/**
 * The documents give two meanings for the port of a triple egress entry. The behaviour for IPv6 without a matching entry
 * and the source of IPv6 probes are inferred (platform facts B, C1).
 */
const doubtsOf: DoubtsOf = (poolTarget, denied) => [
  ...readingDoubts(denied),
  ...inferredOf(poolTarget),
  ...(poolTarget.target.type === 'GLOBALROUTE' ? (['pod'] as const) : []),
]
