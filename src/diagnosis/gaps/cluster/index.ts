import { clusterOf } from '../../../checks/index.ts'
import type { Gap } from '../../../model/diagnosis.ts'
import { endpointOf } from '../../../model/endpoint.ts'
import { type Fact, failuresOf, type ReadFailure } from '../../../model/fact.ts'
import {
  KUBECONFIG_ACTION,
  KUBECTL,
  KUBERNETES_RULES,
  type Kubernetes,
  kubernetesAction,
} from '../../../model/kubernetes.ts'
import type { Language } from '../../../model/language.ts'
import { clusterIdOf, isManagedByTke } from '../../../model/tke.ts'
import type { Paths } from '../../../path/index.ts'
import { NOTHING, t } from '../../../text/index.ts'
import { TEXTS } from './texts.ts'

/** What could not be read in the cluster, with the rule of RBAC to grant, and a cluster that is not that of the CLB. */
export function clusterGaps(paths: Paths, language: Language): readonly Gap[] {
  const fact = paths.snapshot.kubernetes
  if (!fact) return []
  const target = oneOf(paths)
  if (fact.state !== 'ok') return [gapOf(fact.failure, target, language)]
  const failures = new Map(
    failuresIn(fact.value).map((failure) => [`${failure.action} ${failure.code}`, failure]),
  )
  return [
    ...[...failures.values()].map((failure) => gapOf(failure, target, language)),
    ...foreignGap(paths, fact.value, language),
  ]
}

const failuresIn = ({ by: _, context: __, ...kinds }: Kubernetes): readonly ReadFailure[] =>
  failuresOf(Object.values<Fact<unknown> | undefined>(kinds))

function foreignGap(paths: Paths, { context }: Kubernetes, language: Language): readonly Gap[] {
  const { balancer, snapshot } = paths
  if (!balancer || !isManagedByTke(balancer) || clusterOf(paths).kind !== 'foreign') return []
  const clb = snapshot.loadBalancerId
  return [
    {
      what: t(TEXTS.what.foreign, { clb }, language),
      why: t(
        TEXTS.why.foreign,
        { clb, context: context ?? '-', cluster: clusterIdOf(balancer) ?? clb },
        language,
      ),
    },
  ]
}

const RULES = Object.values(KUBERNETES_RULES)

/** A backend that is Dead, if there is one: about it something has to be known. */
const oneOf = ({ pools }: Paths): string | null => {
  const dead = pools.flatMap(({ targets }) => targets.filter(({ status }) => status === 'Dead'))
  return dead[0] ? endpointOf(dead[0]) : null
}

function gapOf(failure: ReadFailure, target: string | null, language: Language): Gap {
  const { action, code, problem } = failure
  const rule = RULES.find((one) => kubernetesAction(one) === action)
  const isDenied = problem === 'denied' && rule !== undefined
  return {
    what: rule ? TEXTS.what[nameOf(rule.resource)][language] : TEXTS.what.kubeconfig[language],
    why: whyOf(failure, rule, language),
    action,
    errorCode: code,
    ...(isDenied ? { grant: `${rule.verb} ${rule.resource}` } : {}),
    byHand: [
      `${KUBECTL} | clb-doctor guest-judge -${target === null ? '' : ` --target ${target}`}  # ${TEXTS.run[language]}`,
    ],
  }
}

type Subject = keyof typeof TEXTS.what

const nameOf = (resource: string): Subject =>
  Object.keys(TEXTS.what).find((name): name is Subject => name === resource) ?? 'kubeconfig'

function whyOf(
  { action, code, problem, message }: ReadFailure,
  rule: (typeof RULES)[number] | undefined,
  language: Language,
): string {
  const ofConfig: Readonly<Record<string, (typeof TEXTS.kubeconfig)[keyof typeof TEXTS.kubeconfig]>> =
    TEXTS.kubeconfig
  const text = action === KUBECONFIG_ACTION ? ofConfig[code] : undefined
  if (text) return t(text, { detail: message }, language)
  if (code === 'Http401') return t(TEXTS.why.unauthorized, { code }, language)
  if (problem === 'denied' && rule) {
    const group = rule.group === '' ? NOTHING : t(TEXTS.group, { group: rule.group }, language)
    return t(TEXTS.why.denied, { code, verb: rule.verb, resource: rule.resource, group }, language)
  }
  if (code === 'TooMany') return t(TEXTS.why.tooMany, { detail: message }, language)
  const known =
    problem === 'unavailable' || problem === 'malformed' || problem === 'deadline' ? problem : 'other'
  return t(TEXTS.why[known], { code, detail: message }, language)
}
