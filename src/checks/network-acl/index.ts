import type { HopStage } from '../../model/diagnosis.ts'
import type { Text } from '../../model/language.ts'
import type { Paths } from '../../path/index.ts'
import { enumerated, inEachLanguage, NOTHING, t, texts } from '../../text/index.ts'
import { type Check, type CheckResult, type Draft, everyTarget, result, serviceOf } from '../check.ts'
import {
  type Denial,
  denials,
  evidenceOf,
  hopOf,
  inferredOf,
  narrowToDead,
  outcomesOf,
  paramsOf,
  resourcesOf,
  subjectOf,
  targetsOf,
} from '../denied-hop.ts'
import { type Doubt, doubtsText } from '../doubts.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })
const { reasons } = TEXTS

type Reason = keyof typeof reasons

/**
 * Guide 1.3: does the ACL of the target's subnet let the probe in and its reply out? An ACL is stateless, so both are
 * checked.
 */
export const networkAcl: Check = { id: 'network-acl', reasons, run }

function run(paths: Paths): CheckResult {
  const of = (stage: HopStage, verdict: 'block' | 'partial', reason: Reason): readonly Draft[] =>
    denials(paths, stage, verdict).map((denial) => draft(denial, reason, stage, paths))
  const drafts = [
    ...of('acl-in', 'block', 'probe-blocked'),
    ...of('acl-out', 'block', 'reply-blocked'),
    ...of('acl-in', 'partial', 'probe-partly-blocked'),
    ...of('acl-out', 'partial', 'reply-partly-blocked'),
    ...otherReading(paths),
  ]
  return result(drafts, outcomesOf(paths, ['acl-in', 'acl-out']))
}

function draft(denial: Denial, reason: Reason, stage: HopStage, paths: Paths): Draft {
  const out = stage === 'acl-out'
  const params = paramsOf(denial)
  const doubts = doubtsOf(narrowToDead(denial))
  return {
    code: `network-acl/${reason}`,
    subject: subjectOf(denial),
    predicts: reason.includes('partly') ? 'flapping' : 'dead',
    targets: targetsOf(denial),
    certainty: doubts.length > 0 ? 'likely' : 'certain',
    role: 'risk',
    severity: 'high',
    order: out ? 5 : 1,
    resources: resourcesOf(denial, paths),
    params: { ...params, lacking: lacking(params.blocked, params.closed), doubt: doubtsText(doubts) },
    evidence: evidenceOf(denial, 'vpc:DescribeNetworkAcls'),
    fix: { kind: 'open-acl', aclId: denial.by.id, direction: out ? 'egress' : 'ingress' },
  }
}

/**
 * The documents give two meanings for the port of a triple egress entry. If the two differ, one of them lets the reply
 * out. The behaviour for IPv6 without a matching entry and the source of IPv6 probes are inferred (platform facts B,
 * C1).
 */
function doubtsOf(denial: Denial): readonly Doubt[] {
  const doubts: Doubt[] = []
  if (denial.hits.some(({ hop }) => hop.otherReading !== undefined)) doubts.push('readings')
  doubts.push(...inferredOf(denial))
  if (denial.hits.some(({ target }) => target.type === 'GLOBALROUTE')) doubts.push('pod')
  return doubts
}

/** Replies that only the other reading of the port would block. This gives a possible finding at most. */
function otherReading(paths: Paths): readonly Draft[] {
  const byAcl = new Map<string, Hit[]>()
  for (const poolTarget of everyTarget(paths).filter((one) => serviceOf(one) === null)) {
    const hop = hopOf(poolTarget.target, 'acl-out')
    if (hop?.verdict !== 'pass' || hop.otherReading !== 'block' || !poolTarget.target.location.isResolved)
      continue
    const subnetId = poolTarget.target.location.value.subnetId ?? ''
    const subnet = paths.snapshot.subnets[subnetId]
    const aclId = (subnet?.state === 'ok' && subnet.value?.networkAclId) || ''
    const hits = byAcl.get(aclId) ?? []
    hits.push({ ...poolTarget, hop })
    byAcl.set(aclId, hits)
  }
  return [...byAcl].map(([aclId, hits]) => otherReadingDraft(aclId, hits, paths))
}

type Hit = Denial['hits'][number]

function otherReadingDraft(aclId: string, hits: readonly Hit[], paths: Paths): Draft {
  const by: Denial['by'] = { kind: 'network-acl', id: aclId, index: null, ruleId: null, words: null }
  // The last target gives the probe's port and the evidence for all of them.
  const denial: Denial = { by, hits: hits.slice(-1) }
  return {
    ...draft(denial, 'reply-blocked', 'acl-out', paths),
    subject: `${aclId}#source-port`,
    targets: targetsOf({ by, hits }),
    certainty: 'possible',
    params: {
      ...paramsOf(denial),
      doubt: NOTHING,
      lacking: NOTHING,
      rule: TEXTS.otherReading,
      shadowed: NOTHING,
      blocked: [],
      count: hits.length,
    },
    fix: null,
  }
}

/** A list shows this many items at most. */
const MOST = 6

/** Which replies do not get out: addresses, ports or both. */
function lacking(blocked: readonly string[], closed: readonly string[]): Text {
  const { addresses, ports, both } = TEXTS.lacking
  return inEachLanguage((language) => {
    const some = (list: readonly string[]): string =>
      enumerated(list.slice(0, MOST), language) + (list.length > MOST ? ' …' : '')
    const parts = {
      addresses: t(addresses, { list: some(blocked) }, language),
      ports: t(ports, { list: some(closed) }, language),
    }
    if (blocked.length > 0 && closed.length > 0) return t(both, parts, language)
    return blocked.length > 0 ? parts.addresses : closed.length > 0 ? parts.ports : ''
  })
}
