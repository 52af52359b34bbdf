import type { HopStage, Resource } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import type { Text } from '../../model/language.ts'
import type { Paths } from '../../path/index.ts'
import { filled, inEachLanguage, listed, texts, withAside } from '../../text/index.ts'
import { type Check, type CheckResult, classOf, type Draft, result, serviceOf } from '../check.ts'
import {
  aboutDenial,
  type Denial,
  type DoubtsOf,
  denials,
  doubtsIn,
  evidenceOf,
  outcomesOf,
  paramsOf,
  resourcesOf,
  type Scope,
  subjectsOf,
  targetsOf,
  whyUnknown,
} from '../denied-hop.ts'
import { certaintyUnder, doubtTexts, readingDoubts } from '../doubts.ts'
import { SHARED } from '../texts.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })
const { reasons } = TEXTS

type Reason = keyof typeof reasons

/**
 * Guide 1.3, note: databases and queues that are bound by address have their own security groups and their subnet's
 * ACL.
 */
export const managedService: Check = { id: 'managed-service', reasons, run }

const ofServices: Scope = (poolTarget) => serviceOf(poolTarget) !== null

function run(paths: Paths): CheckResult {
  const of = (stage: HopStage, verdict: 'block' | 'partial', reason: Reason): readonly Draft[] =>
    denials(paths, stage, verdict, doubtsAt(stage), ofServices).map((denial) =>
      aboutDenial(denial, (own) => {
        const found = draft(own, reason, stage, paths)
        return verdict === 'partial' && stage !== 'security-group' ? inPart(found) : found
      }),
    )
  const drafts = [
    ...of('security-group', 'block', 'group-blocks-probe'),
    ...of('security-group', 'partial', 'group-partly-blocks-probe'),
    ...of('acl-in', 'block', 'acl-blocks-probe'),
    ...of('acl-in', 'partial', 'acl-blocks-probe'),
    ...of('acl-out', 'block', 'acl-blocks-reply'),
    ...of('acl-out', 'partial', 'acl-blocks-reply'),
  ]
  const stages = ['acl-in', 'security-group', 'acl-out'] as const
  return result(drafts, outcomesOf(paths, stages, ofServices), whyUnknown(paths, stages, ofServices))
}

/** A partial block by a service's ACL has the same reason as a whole block. */
const inPart = (draft: Draft): Draft => ({
  ...draft,
  predicts: 'flapping',
  params: {
    ...draft.params,
    blocks: SHARED.blocks.partly[draft.resources[0]?.ruleIndex === null ? 'default' : 'rule'],
  },
})

function draft(denial: Denial, reason: Reason, stage: HopStage, paths: Paths): Draft {
  const services = servicesOf(denial, paths)
  const doubts = doubtsIn(denial, paths)
  const names = services.map(({ type, id }) =>
    inEachLanguage((language) => withAside(PRODUCTS[type]?.[language] ?? type, id, language)),
  )
  return {
    code: `managed-service/${reason}`,
    ...subjectsOf(denial),
    predicts: reason === 'group-partly-blocks-probe' ? 'flapping' : 'dead',
    targets: targetsOf(denial, paths),
    certainty: certaintyUnder(doubts),
    role: 'risk',
    severity: 'high',
    order: { 'acl-in': 1, 'security-group': 2 }[stage as string] ?? 5,
    resources: [...resourcesOf(denial, paths), ...services],
    params: {
      ...paramsOf(denial, stage === 'acl-out' ? 'egress' : 'ingress'),
      services:
        services.length > MOST_IN_TITLE
          ? filled(TEXTS.several, { count: services.length })
          : inEachLanguage((language) =>
              listed(
                names.map((name) => name[language]),
                language,
              ),
            ),
    },
    ...(services.length > MOST_IN_TITLE ? { members: names } : {}),
    doubts: doubtTexts(doubts),
    evidence: evidenceOf(
      denial,
      stage === 'security-group' ? 'vpc:DescribeSecurityGroupPolicies' : 'vpc:DescribeNetworkAcls',
      paths,
    ),
    fix:
      stage === 'security-group'
        ? { kind: 'open-security-group' }
        : { kind: 'open-acl', aclId: denial.by.id, direction: stage === 'acl-out' ? 'egress' : 'ingress' },
  }
}

const doubtsAt =
  (stage: HopStage): DoubtsOf =>
  (poolTarget, denied) => {
    if (stage !== 'security-group') return ['serviceAcl', ...readingDoubts(denied)]
    return /100\.64|unknown/.test(classOf(poolTarget)) ? ['unsettled'] : ['service']
  }

function servicesOf({ hits }: Denial, { snapshot }: Paths): readonly Resource[] {
  const region = known(snapshot.loadBalancer)?.targetRegion ?? snapshot.region
  const found = new Map<string, Resource>()
  for (const hit of hits) {
    const service = serviceOf(hit)
    const id = service?.id ?? hit.target.ip
    const type = service?.type?.toLowerCase().replace(/[^a-z0-9-]/g, '') || 'ip'
    found.set(id, { type, id, region })
  }
  return [...found.values()]
}

/** A title names so many services, and counts more. */
const MOST_IN_TITLE = 3

/** Product names as on their own pages, by resource type. */
const PRODUCTS: Readonly<Record<string, Text>> = TEXTS.products
