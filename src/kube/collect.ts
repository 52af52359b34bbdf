import { type ClbNames, servicesOfClb, servicesOnPorts } from '../model/clb-services.ts'
import { type Fact, known, ok, unread } from '../model/fact.ts'
import { groupBy } from '../model/group-by.ts'
import {
  ENDPOINTS_RULE,
  type EndpointSlice,
  fullName,
  KUBERNETES_RULES,
  type Kubernetes,
  type KubernetesEvent,
  type KubernetesIngress,
  type KubernetesService,
  type Pod,
  type ServiceConfig,
} from '../model/kubernetes.ts'
import { listOf, objectOf, type Read } from './list.ts'
import { configOf } from './parse/configs.ts'
import { controllerOf, eventOf, isWarning, nodeOf, podOf, proxySetOf } from './parse/pods.ts'
import { ingressOf, serviceOf, sliceOf, slicesOfEndpoints } from './parse/services.ts'

/** Which cluster objects are asked for: those of one CLB. */
export interface ClbQuestion extends ClbNames {
  /** NodePorts that are bound although no tag names a cluster. Empty for a CLB of TKE. */
  readonly nodePorts: readonly number[]
}

/**
 * Two waves: the Services, nodes and kube-proxy first, then the pods and endpoints of the Services that use the CLB. Of a
 * cluster with thousands of pods only these few are read.
 */
export async function collect(read: Read, clb: ClbQuestion, context: string): Promise<Fact<Kubernetes>> {
  const rules = KUBERNETES_RULES
  const [services, ingresses, nodes, proxies, proxySet, controller] = await Promise.all([
    listOf(read, rules.services, { path: '/api/v1/services' }, serviceOf),
    ingressesIn(read),
    listOf(read, rules.nodes, { path: '/api/v1/nodes' }, nodeOf),
    listOf(
      read,
      rules.proxies,
      { path: '/api/v1/namespaces/kube-system/pods', query: { labelSelector: 'k8s-app=kube-proxy' } },
      podOf,
    ),
    objectOf(read, rules.proxySet, '/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy', proxySetOf),
    objectOf(
      read,
      rules.controller,
      '/api/v1/namespaces/kube-system/configmaps/tke-service-controller-config',
      controllerOf,
    ),
  ])
  // Without an answer or with refused credentials, every other read failed for the same reason.
  if (services.state === 'failed') return unread(services.failure)
  const all = known(services) ?? []
  const own = servicesOfClb(all, known(ingresses) ?? [], clb)
  const found = own.services.length > 0 ? own.services : servicesOnPorts(all, new Set(clb.nodePorts))
  return ok({
    by: 'api',
    context,
    services: services.state === 'ok' ? ok(found) : services,
    ingresses: ingresses.state === 'ok' ? ok(own.ingresses) : withoutKind(ingresses),
    ...(found.length > 0 ? { nodes, proxies, proxySet, controller, ...(await ofServices(read, found)) } : {}),
  })
}

/** Clusters before 1.19 have Ingresses in the first version alone. */
async function ingressesIn(read: Read): Promise<Fact<readonly KubernetesIngress[]>> {
  const inVersion = (version: string) =>
    listOf(
      read,
      KUBERNETES_RULES.ingresses,
      { path: `/apis/networking.k8s.io/${version}/ingresses` },
      ingressOf,
    )
  const ingresses = await inVersion('v1')
  return ingresses.state !== 'ok' && ingresses.failure.problem === 'not-found'
    ? inVersion('v1beta1')
    : ingresses
}

/** A kind that this cluster does not have is empty. */
const withoutKind = <T>(fact: Fact<readonly T[]>): Fact<readonly T[]> =>
  fact.state !== 'ok' && fact.failure.problem === 'not-found' ? ok([]) : fact

type OfServices = Pick<Kubernetes, 'slices' | 'pods' | 'events' | 'serviceConfigs'>

async function ofServices(read: Read, services: readonly KubernetesService[]): Promise<OfServices> {
  const namespaces = [...groupBy(services, ({ namespace }) => namespace)]
  const each = <T>(
    ask: (namespace: string, own: readonly KubernetesService[]) => Promise<Fact<readonly T[]>>,
  ): Promise<Fact<readonly T[]>> =>
    Promise.all(namespaces.map(([namespace, own]) => ask(namespace, own))).then(together)
  const [slices, pods, events, serviceConfigs] = await Promise.all([
    each<EndpointSlice>((namespace, own) => slicesIn(read, namespace, own)),
    each<Pod>((namespace, own) => podsIn(read, namespace, own)),
    each<KubernetesEvent>((namespace) =>
      listOf(
        read,
        KUBERNETES_RULES.events,
        { path: `/api/v1/namespaces/${namespace}/events`, query: { fieldSelector: 'type=Warning' } },
        (api) => (isWarning(api) ? [eventOf(api)] : []),
      ).then(flat),
    ),
    each<ServiceConfig>((namespace) =>
      listOf(
        read,
        KUBERNETES_RULES.serviceConfigs,
        { path: `/apis/cloud.tencent.com/v1alpha1/namespaces/${namespace}/tkeserviceconfigs` },
        configOf,
      ).then(withoutKind),
    ),
  ])
  return { slices, pods, events, serviceConfigs }
}

/** Clusters before 1.21 have no EndpointSlices in this version, but Endpoints. */
async function slicesIn(
  read: Read,
  namespace: string,
  services: readonly KubernetesService[],
): Promise<Fact<readonly EndpointSlice[]>> {
  const names = services.map(({ name }) => name).join(',')
  const slices = await listOf(
    read,
    KUBERNETES_RULES.slices,
    {
      path: `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
      query: { labelSelector: `kubernetes.io/service-name in (${names})` },
    },
    sliceOf,
  )
  if (slices.state === 'ok' || slices.failure.problem !== 'not-found') return slices
  return listOf(
    read,
    ENDPOINTS_RULE,
    { path: `/api/v1/namespaces/${namespace}/endpoints` },
    slicesOfEndpoints,
  ).then(flat)
}

/** With more selectors than this, the whole namespace is one call. */
const MOST_SELECTORS = 5

function podsIn(
  read: Read,
  namespace: string,
  services: readonly KubernetesService[],
): Promise<Fact<readonly Pod[]>> {
  const selectors = new Set(
    services.flatMap(({ selector }) =>
      selector === null
        ? []
        : Object.entries(selector)
            .map(([key, value]) => `${key}=${value}`)
            .join(','),
    ),
  )
  const asked = selectors.size > MOST_SELECTORS ? [null] : [...selectors]
  return Promise.all(
    asked.map((labelSelector) =>
      listOf(
        read,
        KUBERNETES_RULES.pods,
        {
          path: `/api/v1/namespaces/${namespace}/pods`,
          ...(labelSelector === null ? {} : { query: { labelSelector } }),
        },
        podOf,
      ),
    ),
  ).then((facts) => once(together(facts)))
}

const flat = <T>(fact: Fact<readonly (readonly T[])[]>): Fact<readonly T[]> =>
  fact.state === 'ok' ? ok(fact.value.flat()) : fact

/** A pod that two selectors have is one pod. */
const once = (fact: Fact<readonly Pod[]>): Fact<readonly Pod[]> =>
  fact.state === 'ok' ? ok([...new Map(fact.value.map((pod) => [fullName(pod), pod])).values()]) : fact

/** The first failure, else all items. */
function together<T>(facts: readonly Fact<readonly T[]>[]): Fact<readonly T[]> {
  const failed = facts.find((fact) => fact.state !== 'ok')
  return failed ?? ok(facts.flatMap((fact) => known(fact) ?? []))
}
