import { known } from '../../model/fact.ts'
import { groupBy } from '../../model/group-by.ts'
import { familyOf } from '../../model/ip.ts'
import { fullName, type KubernetesNode, type KubernetesService } from '../../model/kubernetes.ts'
import { isManagedByTke } from '../../model/tke.ts'
import type { Paths } from '../../path/index.ts'
import { portRanges } from '../../rules/index.ts'
import { filled, inEachLanguage, listed, NOTHING } from '../../text/index.ts'
import { type Draft, type FixLine, findingTarget, type PoolTarget } from '../check.ts'
import type { OwnCluster } from '../cluster.ts'
import {
  clusterEvidence,
  clusterResource,
  eventEvidence,
  isAlive,
  serviceResource,
} from '../cluster-drafts.ts'
import { type GuestClusterHit, guestEvidence, isSeenOn, serviceIn } from '../cluster-guests.ts'
import { endpointsOf, portKey } from '../cluster-links.ts'
import { kubectl } from '../commands.ts'
import { commonGround } from '../common-ground.ts'
import { aboutHits, aboutSeveral, MOST_NAMED, membersText, withHitsIn } from '../several.ts'
import { TEXTS } from './texts.ts'
import type { Hit, Trouble } from './trouble.ts'

interface Context {
  readonly paths: Paths
  readonly cluster: OwnCluster
  /** The backends whose nodes have rules without an endpoint of their own. */
  readonly seen: readonly GuestClusterHit[]
}

type Of<R extends Trouble['reason']> = Hit & { readonly trouble: Extract<Trouble, { reason: R }> }

const isOf =
  <R extends Trouble['reason']>(reason: R) =>
  (hit: Hit): hit is Of<R> =>
    hit.trouble.reason === reason

export function draftsOf(hits: readonly Hit[], context: Context): readonly Draft[] {
  const local = hits.filter(isOf('local-policy-no-pod'))
  return [
    ...byMachine(hits.filter(isOf('not-ready')), (some) => notReady(some, context)),
    ...byMachine(hits.filter(isOf('kube-proxy-not-ready')), (some) => proxyNotReady(some, context)),
    ...[
      ...groupBy(local, ({ trouble: { service, port }, target: { ip } }) =>
        [fullName(service), portKey(port), familyOf(ip)].join(),
      ).values(),
    ].map((some) => aboutHits(some, (own) => localPolicy(own, context))),
  ]
}

/** What the rules of the nodes say where the cluster itself was not read, one finding for each NodePort. */
export const draftsOfRules = (hits: readonly GuestClusterHit[], paths: Paths): readonly Draft[] =>
  [...groupBy(hits, ({ target }) => target.port).values()].map((some) =>
    aboutHits(some, (own) => ofRules(own, paths)),
  )

function ofRules(hits: readonly GuestClusterHit[], { balancer }: Paths): Draft {
  const [first] = hits
  if (!first) throw new Error('a finding about nothing')
  const { reason, target } = first
  const ports = portRanges([target.port])
  const nodes = [...new Set(hits.map((hit) => hit.target.instanceId ?? hit.target.ip))]
  return {
    ...common('local-policy-no-pod', hits, nodes),
    subject: `NodePort ${target.port}`,
    certainty: reason.certainty,
    severity: 'medium',
    resources: nodes.map((id) => clusterResource('node', id)),
    params: {
      service: serviceIn(first) ?? filled(TEXTS.unnamed, { ports }),
      count: nodes.length,
      nodes: membersText(nodes),
      ports,
      hosts: TEXTS.unread,
      bind: isManagedByTke(balancer) ? TEXTS.bind : NOTHING,
      seen: TEXTS.seen,
    },
    doubts: [TEXTS.doubts.guest],
    evidence: guestEvidence(hits),
    fix: { kind: 'advice', commands: [kubectl('get', 'svc,endpointslices', '-A', '-o', 'wide')] },
  }
}

interface OnNode<H extends Hit> {
  readonly node: KubernetesNode
  readonly hits: readonly H[]
}

/** One finding of the nodes whose backends fail, and one of those with a healthy backend, which it does not keep down. */
function byMachine<H extends Hit>(
  hits: readonly H[],
  draftOf: (some: readonly OnNode<H>[]) => Draft,
): readonly Draft[] {
  const nodes = [...groupBy(hits, ({ node }) => node)].map(([node, own]) => ({ node, hits: own }))
  return [...groupBy(nodes, ({ hits: own }) => own.some(isAlive)).values()].map((some) =>
    aboutSeveral(
      some,
      ({ node }) => [node.name, node.instanceId ?? ''],
      draftOf,
      (one, isHere) => {
        const left = withHitsIn(one, isHere)
        return left && { ...one, hits: one.hits.filter((hit) => left.hits.includes(hit)) }
      },
    ),
  )
}

const namesOf = (nodes: readonly { readonly name: string }[]): readonly string[] => [
  ...new Set(nodes.map(({ name }) => name)),
]

function notReady(some: readonly OnNode<Hit>[], { paths, cluster }: Context): Draft {
  const hits = some.flatMap((one) => one.hits)
  const names = namesOf(some.map(({ node }) => node))
  return {
    ...common('not-ready', hits, names),
    params: {
      nodes: membersText(names),
      reasons: [...new Set(some.map(({ node }) => node.reason ?? 'NotReady'))],
      count: hits.length,
      common: commonGround(hits, paths),
    },
    doubts: [TEXTS.doubts['not-ready']],
    evidence: [
      clusterEvidence('nodes', `Ready of ${names.slice(0, MOST_NAMED).join(', ')}`, false),
      ...eventEvidence('Node', names, cluster.view),
    ],
    fix: {
      kind: 'advice',
      commands: names.slice(0, MOST_NAMED).map((name) => kubectl('describe', 'node', name)),
    },
  }
}

function proxyNotReady(
  some: readonly OnNode<Of<'kube-proxy-not-ready'>>[],
  { paths, cluster }: Context,
): Draft {
  const hits = some.flatMap((one) => one.hits)
  const names = namesOf(some.map(({ node }) => node))
  const proxies = some.flatMap(({ node, hits: [first] }) =>
    first ? [{ node, proxy: first.trouble.proxy }] : [],
  )
  const list = inEachLanguage((language) =>
    listed(
      proxies.map(({ node, proxy }) =>
        proxy
          ? filled(TEXTS.proxies['not-ready'], { pod: proxy.name, node: node.name, why: whyOf(proxy) })[
              language
            ]
          : filled(TEXTS.proxies.missing, { node: node.name })[language],
      ),
      language,
      MOST_NAMED,
    ),
  )
  const pods = proxies.flatMap(({ proxy }) => proxy ?? [])
  const mode = known(cluster.view.proxySet)?.mode
  return {
    ...common('kube-proxy-not-ready', hits, names),
    resources: [
      ...names.map((name) => clusterResource('node', name)),
      ...pods.map((pod) => clusterResource('pod', fullName(pod))),
    ],
    params: {
      nodes: membersText(names),
      list,
      count: hits.length,
      common: commonGround(hits, paths),
      mode: mode ? filled(TEXTS.mode, { mode }) : NOTHING,
    },
    doubts: [TEXTS.doubts['kube-proxy-not-ready']],
    evidence: [
      clusterEvidence('proxies', `ready kube-proxy on ${names.slice(0, MOST_NAMED).join(', ')}`, false),
      ...eventEvidence('Pod', pods.map(fullName), cluster.view),
    ],
    fix: {
      kind: 'advice',
      commands: [
        kubectl('get', 'pod', '-n', 'kube-system', '-l', 'k8s-app=kube-proxy', '-o', 'wide'),
        ...pods
          .slice(0, MOST_NAMED)
          .map(({ name }) => kubectl('logs', '-n', 'kube-system', '--tail=50', name)),
      ],
    },
  }
}

const whyOf = ({ phase, containers }: NonNullable<Of<'kube-proxy-not-ready'>['trouble']['proxy']>): string =>
  containers.find(({ waiting }) => waiting !== null)?.waiting ?? phase

function localPolicy(hits: readonly Of<'local-policy-no-pod'>[], { paths, cluster, seen }: Context): Draft {
  const [first] = hits
  if (!first) throw new Error('a finding about nothing')
  const { service, port } = first.trouble
  const names = namesOf(hits.map(({ node }) => node))
  const hosts = [
    ...new Set(
      endpointsOf(service, port, cluster.view, familyOf(first.target.ip)).flatMap(({ isReady, node }) =>
        isReady ? (node ?? []) : [],
      ),
    ),
  ]
  const mayBind = isManagedByTke(paths.balancer) && !service.bindsNodesWithPods
  return {
    ...common('local-policy-no-pod', hits, names),
    subject: `${fullName(service)}#${portKey(port)}#${familyOf(first.target.ip)}`,
    certainty: 'certain',
    severity: 'medium',
    resources: [serviceResource(service), ...names.map((name) => clusterResource('node', name))],
    params: {
      service: fullName(service),
      count: names.length,
      nodes: membersText(names),
      ports: portRanges(hits.map(({ target }) => target.port)),
      hosts: hosts.length > 0 ? membersText(hosts) : TEXTS.noHosts,
      bind: mayBind ? TEXTS.bind : NOTHING,
      seen: isSeenOn(hits, seen) ? TEXTS.seen : NOTHING,
    },
    evidence: [
      clusterEvidence('services', `${fullName(service)} externalTrafficPolicy`, 'Local'),
      clusterEvidence('slices', `nodes with a ready endpoint of ${fullName(service)}`, hosts),
      ...guestEvidence(seen.filter((one) => isSeenOn(hits, [one]))),
    ],
    fix: mayBind ? { kind: 'settings', commands: [bindNodesWithPods(service)] } : { kind: 'settings' },
  }
}

const bindNodesWithPods = ({ namespace, name }: KubernetesService): FixLine =>
  kubectl(
    'annotate',
    'service',
    name,
    '-n',
    namespace,
    'service.kubernetes.io/local-svc-only-bind-node-with-pod=true',
  )

function common(reason: keyof typeof TEXTS.reasons, hits: readonly PoolTarget[], names: readonly string[]) {
  return {
    code: `tke-node/${reason}`,
    subject: names.join(),
    predicts: 'dead',
    targets: hits.map(findingTarget),
    certainty: 'likely',
    role: 'risk',
    severity: 'high',
    order: 3,
    resources: names.map((name) => clusterResource('node', name)),
  } as const
}
