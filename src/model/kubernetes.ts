import type { ActionName, Fact } from './fact.ts'

// What a cluster's own API says, reduced to what a probe's path depends on. No environment, volume or secret of a pod is
// kept, because a saved snapshot is handed on.

export interface Named {
  readonly namespace: string
  readonly name: string
}

/** `shop/web`, as kubectl names it in most outputs. */
export const fullName = ({ namespace, name }: Named): string => `${namespace}/${name}`

export interface ServicePort {
  readonly name: string | null
  /** TCP, UDP or SCTP. */
  readonly protocol: string
  readonly port: number
  /** A number, or the name of a container's port. */
  readonly targetPort: number | string
  readonly nodePort: number | null
}

/** What TKE's controller reads from the annotations of a Service or Ingress (platform facts E). */
export interface TkeSettings {
  /** The CLBs that it has, or is to use. */
  readonly clbIds: readonly string[]
  /** The CLB forwards to the pods themselves. */
  readonly isDirect: boolean
  /** `mode: skip`: the controller no longer syncs it. */
  readonly isSkipped: boolean
  /** The name of its TkeServiceConfig, in the same namespace. */
  readonly serviceConfig: string | null
}

export interface KubernetesService extends Named, TkeSettings {
  readonly uid: string | null
  /** ClusterIP, NodePort, LoadBalancer or ExternalName. */
  readonly type: string
  readonly ports: readonly ServicePort[]
  /** `externalTrafficPolicy: Local`: a node only serves its own pods. */
  readonly isLocal: boolean
  /** Its endpoints count as ready, whatever their pods say (`publishNotReadyAddresses`). */
  readonly publishesAll?: true
  readonly healthCheckNodePort: number | null
  /** Null: its endpoints are made by hand. */
  readonly selector: Readonly<Record<string, string>> | null
  /** Addresses and host names of its status. */
  readonly addresses: readonly string[]
  /** Only nodes with a pod are bound (`local-svc-only-bind-node-with-pod`). */
  readonly bindsNodesWithPods: boolean
  /** Only nodes with certain labels are bound (`qcloud-loadbalancer-backends-label`). */
  readonly bindsLabelledNodes?: true
}

export interface KubernetesIngress extends Named, TkeSettings {
  readonly uid: string | null
  readonly addresses: readonly string[]
  /** Names of the Services of its rules, in the same namespace. */
  readonly services: readonly string[]
  /** Its class is that of another controller, for example nginx, which shows the address of the Service in front of itself. */
  readonly isOfOther?: true
}

export interface Endpoint {
  readonly addresses: readonly string[]
  readonly isReady: boolean
  /** It answers, although it may be on its way out. */
  readonly isServing: boolean
  readonly isTerminating: boolean
  readonly node: string | null
  /** The name of its pod. */
  readonly pod: string | null
}

/** An EndpointSlice, or an Endpoints object of an older cluster. */
export interface EndpointSlice {
  readonly namespace: string
  readonly service: string
  readonly ports: readonly {
    readonly name: string | null
    readonly protocol: string
    readonly port: number | null
  }[]
  readonly endpoints: readonly Endpoint[]
  /** True for an Endpoints object with more than it can hold. */
  readonly isCut?: true
  /** True for an Endpoints object: of a Service with two families it holds the first one alone. */
  readonly isOneFamily?: true
}

export interface ContainerPort {
  readonly name: string | null
  readonly protocol: string
  readonly port: number
}

export interface Container {
  readonly name: string
  /** Null: the status does not list it yet. */
  readonly isReady: boolean | null
  readonly restarts: number
  /** Why it does not run, for example CrashLoopBackOff or ImagePullBackOff. Null: it runs. */
  readonly waiting: string | null
  /** Why it ended the time before, for example OOMKilled or Error. */
  readonly lastExit?: string
  /** Its startup probe, while that has not passed. */
  readonly startup?: ContainerProbe | null
  readonly ports: readonly ContainerPort[]
  readonly readiness: ContainerProbe | null
}

export interface ContainerProbe {
  readonly kind: 'http' | 'tcp' | 'exec' | 'grpc'
  readonly port: number | string | null
  readonly path: string | null
}

export interface Pod extends Named {
  readonly labels: Readonly<Record<string, string>>
  /** Pending, Running, Succeeded, Failed or Unknown. */
  readonly phase: string
  readonly ips: readonly string[]
  readonly node: string | null
  readonly isTerminating: boolean
  /** The condition Ready. */
  readonly isReady: boolean
  /** Why the whole pod ended, for example Evicted. */
  readonly ended?: string
  /** Why no node has it yet, for example Unschedulable. */
  readonly unscheduled?: string
  /** Readiness gates that are not met. TKE's own follows from the health check of the CLB, so it is no reason for it. */
  readonly openGates: readonly string[]
  readonly containers: readonly Container[]
}

/** A pod that has ended has given its address back. */
export const hasEnded = ({ phase }: Pick<Pod, 'phase'>): boolean =>
  phase === 'Succeeded' || phase === 'Failed'

export interface KubernetesNode {
  readonly name: string
  readonly addresses: readonly string[]
  /** For example `ins-…`. Null if the node does not name one. */
  readonly instanceId: string | null
  /** The condition Ready. Null if it has none. */
  readonly isReady: boolean | null
  /** Why it is not ready, for example KubeletNotReady or NodeStatusUnknown. */
  readonly reason: string | null
  /** A super node: it has no machine, and no NodePort. */
  readonly isVirtual: boolean
  /** No CLB binds it (`node.kubernetes.io/exclude-from-external-load-balancers`). */
  readonly isExcluded?: true
}

/** The DaemonSet of kube-proxy. */
export interface ProxySet {
  /** `ipvs`, `iptables` or `nftables`. Null if its arguments name none. */
  readonly mode: string | null
  /** On how many nodes it is to run. */
  readonly desired: number
  /** How many pods it has. Left out: its status does not tell. */
  readonly placed?: number
}

/** In kube-system. */
export const CONTROLLER_CONFIG = 'tke-service-controller-config'

/** Of the ConfigMap `tke-service-controller-config` in kube-system. */
export interface ControllerConfig {
  readonly version: string | null
  /** Pods of a GlobalRouter network may be bound directly. */
  readonly globalRouteDirect: boolean
}

/** Settings of a health check, as far as they are declared. */
export interface CheckSettings {
  readonly enabled?: boolean
  readonly intervalSeconds?: number
  readonly timeoutSeconds?: number
  readonly healthyThreshold?: number
  readonly unhealthyThreshold?: number
  readonly path?: string
  readonly host?: string
  readonly method?: string
  readonly httpCodes?: number
  readonly sourceIpType?: number
}

/** The health check that a TkeServiceConfig asks for, of one listener or rule. */
export interface ConfiguredCheck {
  readonly protocol: string
  readonly port: number
  /** Null: a listener of TCP or UDP. "" stands for the VIP. */
  readonly domain: string | null
  readonly url: string | null
  readonly settings: CheckSettings
}

export interface ServiceConfig extends Named {
  readonly checks: readonly ConfiguredCheck[]
}

export interface KubernetesEvent {
  /** The kind and name of what it is about, for example Service `web`. */
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly reason: string
  /** Of the cluster's own words at most 200 characters. */
  readonly message: string
  /** ISO 8601. Null if it does not say. */
  readonly at: string | null
}

/** The kinds that are read, each by itself, because RBAC grants each by itself. Left out: nobody asked. */
export interface Kubernetes {
  /** `api`: read with a kubeconfig. `kubectl`: a person printed it. */
  readonly by: 'api' | 'kubectl'
  /** The context of the kubeconfig, with its server. */
  readonly context?: string
  readonly services?: Fact<readonly KubernetesService[]>
  readonly ingresses?: Fact<readonly KubernetesIngress[]>
  readonly slices?: Fact<readonly EndpointSlice[]>
  readonly pods?: Fact<readonly Pod[]>
  readonly nodes?: Fact<readonly KubernetesNode[]>
  /** The pods of kube-proxy. */
  readonly proxies?: Fact<readonly Pod[]>
  /** Null: the cluster has no such DaemonSet. */
  readonly proxySet?: Fact<ProxySet | null>
  /** Null: the cluster has no such ConfigMap. */
  readonly controller?: Fact<ControllerConfig | null>
  readonly serviceConfigs?: Fact<readonly ServiceConfig[]>
  /** Warnings only. */
  readonly events?: Fact<readonly KubernetesEvent[]>
}

export type KubernetesKind = Exclude<keyof Kubernetes, 'by' | 'context'>

/** What has to be granted to read a kind. `deploy/clusterrole.yaml` grants exactly these. */
export interface KubernetesRule {
  readonly verb: 'list' | 'get'
  /** "" is the core group. */
  readonly group: string
  readonly resource: string
}

export const KUBERNETES_RULES: Readonly<Record<KubernetesKind, KubernetesRule>> = {
  services: { verb: 'list', group: '', resource: 'services' },
  ingresses: { verb: 'list', group: 'networking.k8s.io', resource: 'ingresses' },
  slices: { verb: 'list', group: 'discovery.k8s.io', resource: 'endpointslices' },
  pods: { verb: 'list', group: '', resource: 'pods' },
  nodes: { verb: 'list', group: '', resource: 'nodes' },
  proxies: { verb: 'list', group: '', resource: 'pods' },
  proxySet: { verb: 'get', group: 'apps', resource: 'daemonsets' },
  controller: { verb: 'get', group: '', resource: 'configmaps' },
  serviceConfigs: { verb: 'list', group: 'cloud.tencent.com', resource: 'tkeserviceconfigs' },
  events: { verb: 'list', group: '', resource: 'events' },
}

/** For clusters that have no EndpointSlices. */
export const ENDPOINTS_RULE: KubernetesRule = { verb: 'list', group: '', resource: 'endpoints' }

const SERVICE = 'kubernetes'

/** The read as failures, gaps and evidence name it, for example `kubernetes:list services`. */
export const kubernetesAction = ({ verb, resource }: Pick<KubernetesRule, 'verb' | 'resource'>): ActionName =>
  `${SERVICE}:${verb} ${resource}`

/** The kubeconfig itself. */
export const KUBECONFIG_ACTION: ActionName = `${SERVICE}:kubeconfig`

export const isKubernetesAction = (action: string): boolean => action.startsWith(`${SERVICE}:`)

/** TKE's readiness gate of a pod that is bound directly. It waits for the CLB's own health check (platform facts E). */
export const CLB_GATE = 'cloud.tencent.com/load-balancer-backendgroup-ready'

/** The command whose output tells everything that the checks ask. */
export const KUBECTL = 'kubectl get svc,ingress,ep,endpointslices,po,no,ds -A -o json'

/** What can be wrong with a kubeconfig. */
export const KUBECONFIG_PROBLEMS = [
  'NoFile',
  'NotYaml',
  'NoContext',
  'NoCluster',
  'NoUser',
  'BadServer',
  'BadProxy',
  'BadFile',
  'BadKey',
  'ExecPlugin',
  'AuthProvider',
  'Password',
  'Impersonation',
] as const
export type KubeconfigProblem = (typeof KUBECONFIG_PROBLEMS)[number]
