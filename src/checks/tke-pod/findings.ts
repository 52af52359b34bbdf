import { poolName } from '../../model/endpoint.ts'
import { known } from '../../model/fact.ts'
import { groupBy } from '../../model/group-by.ts'
import { familyOf } from '../../model/ip.ts'
import { fullName } from '../../model/kubernetes.ts'
import type { Text } from '../../model/language.ts'
import { portRanges } from '../../rules/index.ts'
import { filled, NOTHING } from '../../text/index.ts'
import { type Draft, type FixLine, findingTarget } from '../check.ts'
import type { OwnCluster } from '../cluster.ts'
import { clusterEvidence, clusterResource, eventEvidence, serviceResource } from '../cluster-drafts.ts'
import { type GuestClusterHit, guestEvidence, isSeenOn, serviceIn } from '../cluster-guests.ts'
import { endedOf, endpointsOf, otherFamily, podsOf, portKey } from '../cluster-links.ts'
import { kubectl } from '../commands.ts'
import { aboutHits, MOST_NAMED, membersText } from '../several.ts'
import { TEXTS } from './texts.ts'
import type { SickPod, Trouble } from './trouble.ts'

/** @param seen the backends whose nodes have rules without an endpoint */
export const draftsOf = (
  troubles: readonly Trouble[],
  cluster: OwnCluster,
  seen: readonly GuestClusterHit[],
): readonly Draft[] =>
  troubles.map((trouble) => aboutHits(trouble.hits, (hits) => draftOf({ ...trouble, hits }, cluster, seen)))

function draftOf(trouble: Trouble, cluster: OwnCluster, seen: readonly GuestClusterHit[]): Draft {
  const { why } = trouble
  switch (why.reason) {
    case 'no-endpoints':
      return noEndpoints(trouble, why.is, cluster, seen)
    case 'wrong-container-port':
      return wrongPort(trouble, why, cluster)
    default:
      return sickPods(trouble, why, cluster)
  }
}

/** What the rules of the nodes say where the cluster itself was not read, one finding for each NodePort. */
export const draftsOfRules = (hits: readonly GuestClusterHit[]): readonly Draft[] =>
  [...groupBy(hits, ({ target }) => target.port).values()].map((some) => aboutHits(some, ofRules))

function ofRules(hits: readonly GuestClusterHit[]): Draft {
  const [first] = hits
  if (!first) throw new Error('a finding about nothing')
  const { reason, target } = first
  const entry = filled(TEXTS.entries.nodePort, { ports: portRanges([target.port]) })
  return {
    code: 'tke-pod/no-endpoints',
    subject: `NodePort ${target.port}`,
    predicts: 'dead',
    targets: hits.map(findingTarget),
    certainty: reason.certainty,
    role: 'risk',
    severity: 'high',
    order: 3,
    resources: [],
    params: {
      service: serviceIn(first) ?? filled(TEXTS.unnamed, { ports: portRanges([target.port]) }),
      entry,
      endpoints: TEXTS.nothing,
      why: TEXTS.why.rules,
      proxy: TEXTS.proxy,
      count: hits.length,
      seen: NOTHING,
    },
    doubts: [TEXTS.doubts.guest],
    evidence: guestEvidence(hits),
    fix: { kind: 'advice', commands: [kubectl('get', 'svc,endpointslices', '-A', '-o', 'wide')] },
  }
}

function noEndpoints(
  trouble: Trouble,
  is: keyof typeof TEXTS.why,
  { view }: OwnCluster,
  seen: readonly GuestClusterHit[],
): Draft {
  const { service, port, hits } = trouble
  const selector = Object.entries(service.selector ?? {}).map(([key, value]) => `${key}=${value}`)
  const family = familyOf(hits[0]?.target.ip ?? '')
  const shown = is === 'otherFamily' ? otherFamily(family) : family
  const found = endpointsOf(service, port, view, shown).flatMap(({ addresses }) => addresses)
  const ended = [...new Set(endedOf(service, view).map((pod) => pod.ended ?? pod.phase))]
  const hasProxy = known(view.proxies)?.length !== 0
  return {
    ...common(trouble),
    // The endpoints decide. A ready pod beside them may mean that they were read at another time.
    certainty: is === 'unlisted' ? 'likely' : 'certain',
    params: {
      service: fullName(service),
      entry: entryOf(trouble),
      endpoints: found.length > 0 ? membersText(found) : TEXTS.nothing,
      why: filled(TEXTS.why[is], {
        selector: selector.length > 0 ? selector : '-',
        family: `IPv${family}`,
        ended,
      }),
      proxy: hasProxy ? TEXTS.proxy : NOTHING,
      count: hits.length,
      seen: isSeenOn(hits, seen) ? TEXTS.seen : NOTHING,
    },
    ...(is === 'unlisted' ? { doubts: [TEXTS.doubts.unlisted] } : {}),
    evidence: [
      clusterEvidence('slices', `ready endpoints of ${fullName(service)} port ${port.port}`, []),
      ...(is === 'noPods' ? [clusterEvidence('pods', `pods with ${selector.join()}`, [])] : []),
      ...eventEvidence('Service', [fullName(service)], view),
      ...guestEvidence(seen.filter((one) => isSeenOn(hits, [one]))),
    ],
    fix: {
      kind: 'advice',
      commands: [
        kubectl(
          'get',
          'endpointslices',
          '-n',
          service.namespace,
          '-l',
          `kubernetes.io/service-name=${service.name}`,
        ),
        ...(selector.length > 0
          ? [kubectl('get', 'pods', '-n', service.namespace, '-l', selector.join(), '-o', 'wide')]
          : []),
        kubectl('describe', 'service', service.name, '-n', service.namespace),
      ],
    },
  }
}

/** The ports of the nodes, or the listener in front of the pods. */
function entryOf({ hits, isDirect }: Trouble): Text {
  return isDirect
    ? filled(TEXTS.entries.pool, { pool: [...new Set(hits.map(({ pool }) => poolName(pool)))] })
    : filled(TEXTS.entries.nodePort, { ports: portRanges(hits.map(({ target }) => target.port)) })
}

function sickPods(
  trouble: Trouble,
  { reason, pods }: Extract<Trouble['why'], { pods: readonly SickPod[] }>,
  { view }: OwnCluster,
): Draft {
  const { service, hits, isDirect } = trouble
  const isFailing = reason === 'readiness-failing'
  const states = [...new Set(pods.map(stateText))]
  const names = pods.map(({ pod }) => fullName(pod))
  return {
    ...common(trouble),
    // Without a ready pod the node has nowhere to send a request. A pod that is a backend itself may answer all the same.
    certainty: isDirect || service.publishesAll ? 'likely' : 'certain',
    order: 4,
    resources: [serviceResource(service), ...names.map((name) => clusterResource('pod', name))],
    params: {
      service: fullName(service),
      total: podsOf(service, view)?.length ?? pods.length,
      pods: pods.length,
      list: membersText(pods.map((one) => `${one.pod.name}: ${stateText(one)}`)),
      ...(isFailing
        ? { probe: states.length > 0 ? filled(TEXTS.probe, { probe: states }) : NOTHING }
        : { states, because: becauseOf(pods) }),
      effect: TEXTS.effect[isDirect ? 'direct' : service.publishesAll ? 'published' : 'none'],
      count: hits.length,
    },
    doubts: isDirect || service.publishesAll ? [TEXTS.doubts.direct] : [],
    evidence: [
      ...pods
        .slice(0, MOST_NAMED)
        .map((one) => clusterEvidence('pods', `${fullName(one.pod)} ready`, stateText(one))),
      ...eventEvidence('Pod', names, view),
    ],
    fix: { kind: 'advice', commands: podCommands(pods) },
  }
}

/** `CrashLoopBackOff (7 restarts)` would need a language, so the number stands alone: `CrashLoopBackOff ×7 OOMKilled`. */
function stateText({ pod, state }: SickPod): string {
  const [worst] = pod.containers.toSorted((a, b) => b.restarts - a.restarts)
  const times = worst && worst.restarts > 0 ? ` ×${worst.restarts}` : ''
  const exit = times !== '' && worst?.lastExit ? ` ${worst.lastExit}` : ''
  return `${state.kind === 'failing' ? state.probe : state.why}${times}${exit}`
}

/** Of pods that are held back by different things the states alone are told. */
function becauseOf(pods: readonly SickPod[]): Text {
  const [first, ...others] = new Set(pods.flatMap(({ state }) => (state.kind === 'failing' ? [] : state.by)))
  return TEXTS.because[first === undefined || others.length > 0 ? 'several' : first]
}

const MOST_COMMANDS = 3

const podCommands = (pods: readonly SickPod[]): readonly FixLine[] =>
  pods.slice(0, MOST_COMMANDS).flatMap(({ pod: { namespace, name, containers, node }, state }) => [
    kubectl('describe', 'pod', name, '-n', namespace),
    ...(state.kind === 'not-running' && state.by === 'node' && node !== null
      ? [kubectl('describe', 'node', node)]
      : []),
    // Without a node, or on one that is cut off, it shows no log.
    ...(state.kind === 'not-running' && (state.by === 'scheduler' || state.by === 'node')
      ? []
      : [
          kubectl(
            'logs',
            name,
            '-n',
            namespace,
            ...(containers.length > 1 ? ['--all-containers'] : []),
            '--tail=50',
            ...(containers.every(({ restarts }) => restarts === 0) ? [] : ['--previous']),
          ),
        ]),
  ])

function wrongPort(
  trouble: Trouble,
  { declared, isSure }: Extract<Trouble['why'], { reason: 'wrong-container-port' }>,
  { view }: OwnCluster,
): Draft {
  const { service, port, hits } = trouble
  const target = String(port.targetPort)
  return {
    ...common(trouble),
    certainty: isSure ? 'certain' : 'possible',
    order: 4,
    params: {
      service: fullName(service),
      port: port.port,
      target,
      ports: declared.length > 0 ? declared : TEXTS.nothing,
      named: filled(TEXTS.named[isSure ? 'unknown' : 'number'], { target }),
      count: hits.length,
    },
    doubts: isSure ? [] : [TEXTS.doubts['wrong-container-port']],
    evidence: [
      clusterEvidence('services', `${fullName(service)} targetPort`, port.targetPort),
      clusterEvidence('pods', 'containerPort', declared),
      ...eventEvidence('Service', [fullName(service)], view),
    ],
    fix: {
      kind: 'advice',
      commands: [kubectl('get', 'service', service.name, '-n', service.namespace, '-o', 'yaml')],
    },
  }
}

function common({ service, port, isDirect, hits, why }: Trouble) {
  const isAlive = hits.some(({ target: { status } }) => status === 'Alive')
  return {
    code: `tke-pod/${why.reason}`,
    subject: `${fullName(service)}#${portKey(port)}#${familyOf(hits[0]?.target.ip ?? '')}#${isDirect ? `pod#${isAlive}` : 'node'}`,
    predicts: 'dead',
    targets: hits.map(findingTarget),
    role: 'risk',
    severity: 'high',
    order: 3,
    resources: [serviceResource(service)],
  } as const
}
