import type {
  Endpoint,
  EndpointSlice,
  KubernetesIngress,
  KubernetesService,
  ServicePort,
  TkeSettings,
} from '../../model/kubernetes.ts'
import { at, flag, items, type Json, json, portOf, text, texts, whole, words } from './json.ts'
import { named } from './named.ts'

export function serviceOf(api: Json): KubernetesService {
  const annotations = texts(api, 'metadata', 'annotations')
  const own = named(api)
  const selector = texts(api, 'spec', 'selector')
  return {
    ...own,
    uid: text(api, 'metadata', 'uid'),
    type: text(api, 'spec', 'type') ?? 'ClusterIP',
    ports: items(api, 'spec', 'ports').flatMap(servicePort),
    isLocal: text(api, 'spec', 'externalTrafficPolicy') === 'Local',
    ...(flag(api, 'spec', 'publishNotReadyAddresses') === true ? { publishesAll: true as const } : {}),
    healthCheckNodePort: whole(api, 'spec', 'healthCheckNodePort') || null,
    selector: Object.keys(selector).length > 0 ? selector : null,
    addresses: statusAddresses(api),
    bindsNodesWithPods: annotations['service.kubernetes.io/local-svc-only-bind-node-with-pod'] === 'true',
    ...(annotations['service.kubernetes.io/qcloud-loadbalancer-backends-label']
      ? { bindsLabelledNodes: true as const }
      : {}),
    ...tkeSettings(annotations, {
      ids: ['service.kubernetes.io/loadbalance-id', 'service.kubernetes.io/tke-existed-lbid'],
      prefix: 'service.cloud.tencent.com',
      automatic: `${own.name}-auto-service-config`,
    }),
  }
}

const servicePort = (api: Json): readonly ServicePort[] => {
  const port = whole(api, 'port')
  return port === null
    ? []
    : [
        {
          name: text(api, 'name'),
          protocol: text(api, 'protocol') ?? 'TCP',
          port,
          targetPort: portOf(at(api, 'targetPort')) || port,
          nodePort: whole(api, 'nodePort') || null,
        },
      ]
}

const statusAddresses = (api: Json): readonly string[] =>
  items(api, 'status', 'loadBalancer', 'ingress').flatMap((one) =>
    [text(one, 'ip'), text(one, 'hostname')].filter((address) => address !== null),
  )

interface Place {
  /** The annotations that hold the id of the CLB. */
  readonly ids: readonly string[]
  readonly prefix: string
  /** The name of the TkeServiceConfig that the controller makes by itself. */
  readonly automatic: string
}

/** Names as in 457/51258 and 457/56112 (platform facts E). */
const tkeSettings = (
  annotations: Readonly<Record<string, string>>,
  { ids, prefix, automatic }: Place,
): TkeSettings => ({
  clbIds: [...new Set(ids.flatMap((id) => annotations[id] || []))],
  isDirect: annotations[`${prefix}/direct-access`] === 'true',
  isSkipped: annotations[`${prefix}/mode`] === 'skip',
  serviceConfig:
    annotations[`${prefix}/tke-service-config`] ||
    (annotations[`${prefix}/tke-service-config-auto`] === 'true' ? automatic : null),
})

/** The class of the Ingresses that TKE binds to a CLB. One without a class is of it, too (457/56112). */
const CLB_CLASSES: ReadonlySet<string> = new Set(['qcloud'])

export function ingressOf(api: Json): KubernetesIngress {
  const own = named(api)
  const className =
    text(api, 'spec', 'ingressClassName') ??
    text(api, 'metadata', 'annotations', 'kubernetes.io/ingress.class')
  const backends = [
    json(api, 'spec', 'defaultBackend'),
    json(api, 'spec', 'backend'),
    ...items(api, 'spec', 'rules')
      .flatMap((rule) => items(rule, 'http', 'paths'))
      .map((path) => json(path, 'backend')),
  ]
  return {
    ...own,
    uid: text(api, 'metadata', 'uid'),
    addresses: statusAddresses(api),
    ...(CLB_CLASSES.has(className ?? 'qcloud') ? {} : { isOfOther: true as const }),
    // `serviceName`: the form before networking.k8s.io/v1.
    services: [
      ...new Set(backends.flatMap((one) => text(one, 'service', 'name') ?? text(one, 'serviceName') ?? [])),
    ],
    ...tkeSettings(texts(api, 'metadata', 'annotations'), {
      ids: ['kubernetes.io/ingress.qcloud-loadbalance-id', 'kubernetes.io/ingress.existLbId'],
      prefix: 'ingress.cloud.tencent.com',
      automatic: `${own.name}-auto-ingress-config`,
    }),
  }
}

export function sliceOf(api: Json): EndpointSlice {
  const { namespace } = named(api)
  return {
    namespace,
    // Without the label nobody takes the slice for one of a Service, whatever its own name is.
    service: texts(api, 'metadata', 'labels')['kubernetes.io/service-name'] ?? '',
    ports: items(api, 'ports').map(endpointPort),
    endpoints: items(api, 'endpoints').map((one): Endpoint => {
      const conditions = json(one, 'conditions')
      // A condition that is not set counts as true, and of one on its way out the slice says it (discovery.k8s.io/v1).
      const isReady = flag(conditions, 'ready') ?? true
      return {
        addresses: words(one, 'addresses'),
        isReady,
        isServing: flag(conditions, 'serving') ?? isReady,
        isTerminating: flag(conditions, 'terminating') ?? false,
        // `topology`: the form before discovery.k8s.io/v1.
        node: text(one, 'nodeName') ?? text(one, 'topology', 'kubernetes.io/hostname'),
        pod: text(one, 'targetRef', 'kind') === 'Pod' ? text(one, 'targetRef', 'name') : null,
      }
    }),
  }
}

const endpointPort = (api: Json): EndpointSlice['ports'][number] => ({
  name: text(api, 'name'),
  protocol: text(api, 'protocol') ?? 'TCP',
  port: whole(api, 'port'),
})

/** Endpoints, the older form: one object per Service, with the ready and the other addresses apart. */
export function slicesOfEndpoints(api: Json): readonly EndpointSlice[] {
  const { namespace, name } = named(api)
  const isCut = texts(api, 'metadata', 'annotations')['endpoints.kubernetes.io/over-capacity'] !== undefined
  const subsets = items(api, 'subsets')
  // Without an address there is no subset, and the Service is one without endpoints all the same.
  return (subsets.length > 0 ? subsets : [{}]).map((subset) => ({
    namespace,
    service: name,
    isOneFamily: true as const,
    ...(isCut ? { isCut } : {}),
    ports: items(subset, 'ports').map(endpointPort),
    endpoints: [
      ...items(subset, 'addresses').map((one) => oldEndpoint(one, true)),
      ...items(subset, 'notReadyAddresses').map((one) => oldEndpoint(one, false)),
    ],
  }))
}

const oldEndpoint = (api: Json, isReady: boolean): Endpoint => ({
  addresses: [text(api, 'ip')].filter((ip) => ip !== null),
  isReady,
  isServing: isReady,
  isTerminating: false,
  node: text(api, 'nodeName'),
  pod: text(api, 'targetRef', 'kind') === 'Pod' ? text(api, 'targetRef', 'name') : null,
})
