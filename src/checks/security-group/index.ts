import type { Text } from '../../model/language.ts'
import type { Paths } from '../../path/index.ts'
import { largest, type OrderConflict, toCidrs } from '../../rules/index.ts'
import { clauses, inEachLanguage, t, texts } from '../../text/index.ts'
import { type Check, type CheckResult, classOf, type Draft, everyTarget, result } from '../check.ts'
import { ruleText } from '../denial-texts.ts'
import {
  aboutDenial,
  type Denial,
  type DoubtsOf,
  denials,
  doubtsIn,
  evidenceOf,
  hopOf,
  inferredOf,
  outcomesOf,
  paramsOf,
  resourcesOf,
  subjectsOf,
  targetsOf,
  whyUnknown,
} from '../denied-hop.ts'
import { certaintyUnder, doubtTexts } from '../doubts.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })
const { reasons } = TEXTS

/** Guide 1.2 and 3.4.4: do the security groups of the interface with the target's address let the probe in? */
export const securityGroup: Check = { id: 'security-group', reasons, run }

const SOURCE = 'vpc:DescribeSecurityGroupPolicies'

function run(paths: Paths): CheckResult {
  const region = paths.snapshot.region
  const drafts = [
    ...denials(paths, 'security-group', 'block', doubtsOf).map((denial) =>
      aboutDenial(denial, (own) => draft(own, 'probe-blocked', paths)),
    ),
    ...denials(paths, 'security-group', 'partial', doubtsOf).map((denial) =>
      aboutDenial(denial, (own) => draft(own, 'probe-partly-blocked', paths)),
    ),
    ...orderDependent(paths, region),
  ]
  const stages = ['security-group'] as const
  return result(drafts, outcomesOf(paths, stages), whyUnknown(paths, stages))
}

function draft(denial: Denial, reason: 'probe-blocked' | 'probe-partly-blocked', paths: Paths): Draft {
  const doubts = doubtsIn(denial, paths)
  return {
    code: `security-group/${reason}`,
    ...subjectsOf(denial),
    predicts: reason === 'probe-blocked' ? 'dead' : 'flapping',
    targets: targetsOf(denial, paths),
    certainty: certaintyUnder(doubts),
    role: 'risk',
    severity: 'high',
    order: 2,
    resources: resourcesOf(denial, paths),
    params: paramsOf(denial),
    doubts: doubtTexts(doubts),
    evidence: evidenceOf(denial, SOURCE, paths),
    fix: { kind: 'open-security-group' },
  }
}

/**
 * The groups decide a probe from the VIP. A probe from 100.64.0.0/10 may be let through anyway, because it only goes to
 * backends of the CLB's own account: the guide requires a rule, the newest product page says that none is needed
 * (platform facts 0.1). Groups let in the probes of classic private CLBs by default (platform facts C1). If another
 * order of the groups would give another verdict, the verdict depends on the order and not only on the rule.
 */
const doubtsOf: DoubtsOf = (poolTarget, { hop }) => {
  const source = classOf(poolTarget)
  if (source.includes('100.64')) return ['exempt']
  if (source.includes('169.254/exempt')) return ['classic']
  if (source.includes('unknown/exempt')) return ['anywhere']
  const isPod = poolTarget.target.type === 'GLOBALROUTE'
  return [
    ...(hop.notes.some(({ code }) => code === 'order-matters') ? (['order'] as const) : []),
    ...inferredOf(poolTarget),
    ...(isPod ? (['pod'] as const) : source === 'vip' ? [] : (['origin'] as const)),
  ]
}

function orderDependent(paths: Paths, region: string): readonly Draft[] {
  const byGroups = new Map<string, { ids: readonly string[]; conflict: OrderConflict; count: number }>()
  for (const { target } of everyTarget(paths)) {
    const note = hopOf(target, 'security-group')?.notes.find((one) => one.code === 'order-matters')
    if (note?.code !== 'order-matters' || !target.location.isResolved) continue
    const ids = target.location.value.securityGroupIds
    const subject = ids.join(',')
    const count = (byGroups.get(subject)?.count ?? 0) + 1
    byGroups.set(subject, { ids, conflict: note.conflict, count })
  }
  return [...byGroups].map(([subject, { ids, conflict, count }]) => {
    const cidrs = toCidrs(conflict.sources)
    return {
      code: 'security-group/order-dependent',
      subject,
      predicts: 'nothing',
      targets: [],
      certainty: 'likely',
      role: 'risk',
      severity: 'medium',
      order: 2,
      resources: ids.map((id) => ({ type: 'security-group', id, region })),
      params: { groups: ids, count, conflict: cidrs, outcomes: outcomesText(conflict) },
      evidence: [
        { source: 'cvm:DescribeInstances', fact: 'SecurityGroupIds', value: ids },
        ...conflict.outcomes.map(({ first, outcome }) => ({
          source: SOURCE,
          fact: `${first} first: ${outcome.verdict}`,
          value: cidrs,
        })),
      ],
      fix: { kind: 'advice' },
    }
  })
}

/** For each order of the groups: the verdict, and the rule that gives it. */
const outcomesText = ({ outcomes }: OrderConflict): Text =>
  inEachLanguage((language) =>
    clauses(
      outcomes.map(({ first, outcome }) => {
        const by = largest(outcome.pieces)?.by
        const rule = by ? `${by.id} ${ruleText(by)[language]}` : '-'
        return t(TEXTS.outcome, { first, verdict: TEXTS.verdicts[outcome.verdict], rule }, language)
      }),
      language,
    ),
  )
