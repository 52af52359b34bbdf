import type {
  Container,
  ContainerPort,
  ContainerProbe,
  ControllerConfig,
  KubernetesEvent,
  KubernetesNode,
  Pod,
  ProxySet,
} from '../../model/kubernetes.ts'
import { at, flag, items, type Json, json, portOf, text, texts, whole, words } from './json.ts'
import { named } from './named.ts'

export function podOf(api: Json): Pod {
  const conditions = items(api, 'status', 'conditions')
  const isMet = (type: string): boolean =>
    conditions.some((one) => text(one, 'type') === type && text(one, 'status') === 'True')
  const ips = [...items(api, 'status', 'podIPs').map((one) => text(one, 'ip')), text(api, 'status', 'podIP')]
  const phase = text(api, 'status', 'phase') ?? 'Unknown'
  const ended = phase === 'Failed' ? text(api, 'status', 'reason') : null
  const placing = conditions.find(
    (one) => text(one, 'type') === 'PodScheduled' && text(one, 'status') === 'False',
  )
  return {
    ...named(api),
    labels: texts(api, 'metadata', 'labels'),
    phase,
    ...(ended === null ? {} : { ended }),
    ...(placing ? { unscheduled: text(placing, 'reason') ?? 'Unschedulable' } : {}),
    ips: [...new Set(ips.filter((ip) => ip !== null))],
    node: text(api, 'spec', 'nodeName'),
    isTerminating: text(api, 'metadata', 'deletionTimestamp') !== null,
    isReady: isMet('Ready'),
    openGates: items(api, 'spec', 'readinessGates')
      .flatMap((one) => text(one, 'conditionType') ?? [])
      .filter((type) => !isMet(type)),
    containers: containersOf(api),
  }
}

/** Init containers with this policy run beside the others, as sidecars. */
const isSidecar = (spec: Json): boolean => text(spec, 'restartPolicy') === 'Always'

const containersOf = (api: Json): readonly Container[] => {
  const init = items(api, 'spec', 'initContainers')
  const own = [
    ...init.filter(isSidecar).map((spec) => containerOf(api, 'initContainerStatuses', spec)),
    ...items(api, 'spec', 'containers').map((spec) => containerOf(api, 'containerStatuses', spec)),
  ]
  // While one of these has not ended, the others only wait for it.
  const before = init
    .filter((spec) => !isSidecar(spec))
    .map((spec) => containerOf(api, 'initContainerStatuses', spec))
    .find(({ waiting, isReady }) => waiting !== null && isReady !== true)
  return before ? [{ ...before, waiting: `Init:${before.waiting}`, isReady: false, ports: [] }, ...own] : own
}

function containerOf(api: Json, list: string, spec: Json): Container {
  const name = text(spec, 'name') ?? ''
  const status = items(api, 'status', list).find((one) => text(one, 'name') === name)
  const crash = text(status, 'lastState', 'terminated', 'reason')
  return {
    name,
    isReady: flag(status, 'ready'),
    restarts: whole(status, 'restartCount') ?? 0,
    waiting: text(status, 'state', 'waiting', 'reason') ?? text(status, 'state', 'terminated', 'reason'),
    ...(crash === null ? {} : { lastExit: crash }),
    // A startup probe that has not passed holds back the readiness probe.
    ...(flag(status, 'started') === false && at(spec, 'startupProbe') !== undefined
      ? { startup: readinessOf(json(spec, 'startupProbe')) }
      : {}),
    ports: items(spec, 'ports').flatMap(containerPort),
    readiness: readinessOf(json(spec, 'readinessProbe')),
  }
}

const containerPort = (api: Json): readonly ContainerPort[] => {
  const port = whole(api, 'containerPort')
  return port === null ? [] : [{ name: text(api, 'name'), protocol: text(api, 'protocol') ?? 'TCP', port }]
}

const HANDLERS = { http: 'httpGet', tcp: 'tcpSocket', exec: 'exec', grpc: 'grpc' } as const
const KINDS = ['http', 'tcp', 'exec', 'grpc'] as const

function readinessOf(probe: Json): ContainerProbe | null {
  const kind = KINDS.find((one) => at(probe, HANDLERS[one]) !== undefined)
  return kind === undefined
    ? null
    : {
        kind,
        port: portOf(at(probe, HANDLERS[kind], 'port')),
        path: text(probe, HANDLERS[kind], 'path'),
      }
}

export function nodeOf(api: Json): KubernetesNode {
  const labels = texts(api, 'metadata', 'labels')
  const ready = items(api, 'status', 'conditions').find((one) => text(one, 'type') === 'Ready')
  const status = text(ready, 'status')
  // `qcloud:///800006/ins-…`
  const provided = /\/(ins-[a-z0-9]+)$/.exec(text(api, 'spec', 'providerID') ?? '')?.[1]
  return {
    name: named(api).name,
    addresses: items(api, 'status', 'addresses')
      .filter((one) => ['InternalIP', 'ExternalIP'].includes(text(one, 'type') ?? ''))
      .flatMap((one) => text(one, 'address') ?? []),
    instanceId: labels['cloud.tencent.com/node-instance-id'] ?? provided ?? null,
    isReady: status === null ? null : status === 'True',
    reason: status === 'True' ? null : text(ready, 'reason'),
    isVirtual: labels['node.kubernetes.io/instance-type'] === 'eklet' || labels.type === 'virtual-kubelet',
    // The key alone counts, with any value.
    ...(labels['node.kubernetes.io/exclude-from-external-load-balancers'] === undefined
      ? {}
      : { isExcluded: true as const }),
  }
}

/** Is this the DaemonSet or a pod of kube-proxy? */
export const isProxy = (api: Json): boolean =>
  text(api, 'metadata', 'namespace') === 'kube-system' &&
  (texts(api, 'metadata', 'labels')['k8s-app'] === 'kube-proxy' ||
    text(api, 'metadata', 'name') === 'kube-proxy')

export const proxySetOf = (api: Json): ProxySet => {
  const args = items(api, 'spec', 'template', 'spec', 'containers').flatMap((one) => [
    ...words(one, 'command'),
    ...words(one, 'args'),
  ])
  const mode = args.flatMap((arg, i) => {
    const given = /^--proxy-mode(?:=(.*))?$/.exec(arg)
    return given ? (given[1] ?? args[i + 1] ?? []) : []
  })
  const placed = whole(api, 'status', 'currentNumberScheduled')
  return {
    mode: mode.at(-1) || null,
    desired: whole(api, 'status', 'desiredNumberScheduled') ?? 0,
    ...(placed === null ? {} : { placed }),
  }
}

export const controllerOf = (api: Json): ControllerConfig => ({
  version: text(api, 'data', 'VERSION'),
  globalRouteDirect: text(api, 'data', 'GlobalRouteDirectAccess') === 'true',
})

const LONGEST_MESSAGE = 200

export const eventOf = (api: Json): KubernetesEvent => ({
  kind: text(api, 'involvedObject', 'kind') ?? text(api, 'regarding', 'kind') ?? '',
  namespace: text(api, 'involvedObject', 'namespace') ?? named(api).namespace,
  name: text(api, 'involvedObject', 'name') ?? text(api, 'regarding', 'name') ?? '',
  reason: text(api, 'reason') ?? '',
  message: [...(text(api, 'message') ?? text(api, 'note') ?? '')].slice(0, LONGEST_MESSAGE).join(''),
  at: text(api, 'lastTimestamp') ?? text(api, 'eventTime') ?? text(api, 'metadata', 'creationTimestamp'),
})

/** Only warnings tell why something fails. */
export const isWarning = (api: Json): boolean => text(api, 'type') === 'Warning'
