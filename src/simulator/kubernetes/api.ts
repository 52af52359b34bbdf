import type { Cluster, World } from '../world.ts'
import {
  type Api,
  controllerConfig,
  endpoints,
  events,
  nodes,
  pods,
  proxySet,
  services,
  slices,
} from './objects.ts'

/** What the cluster's API may be asked, and by whom. */
export interface KubernetesOptions {
  /** Verbs and resources that RBAC refuses, for example `list pods`. */
  readonly denied?: ReadonlySet<string>
  /** Resources that the cluster does not have, for example `endpointslices`, or not in a version: its whole path. */
  readonly missing?: ReadonlySet<string>
  /** The most objects per page, whatever was asked for. */
  readonly page?: number
}

export interface KubernetesAnswer {
  readonly status: number
  readonly body: Api
}

/** One request to the API. It reads the world anew each time. */
export function answerKubernetes(
  world: World,
  cluster: Cluster,
  path: string,
  { denied, missing, page }: KubernetesOptions = {},
): KubernetesAnswer {
  const url = new URL(path, 'https://kubernetes.default')
  const found = ROUTES.flatMap(({ pattern, ...route }) => {
    const match = pattern.exec(url.pathname)
    return match
      ? [{ ...route, namespace: match.groups?.namespace ?? null, name: match.groups?.name ?? null }]
      : []
  })[0]
  if (!found || missing?.has(found.resource) || missing?.has(`${found.group}/${found.resource}`))
    return statusOf(404, 'NotFound', 'the server could not find it')
  const verb = found.name === null ? 'list' : 'get'
  if (denied?.has(`${verb} ${found.resource}`))
    return statusOf(
      403,
      'Forbidden',
      `${found.resource} is forbidden: User "clb-doctor" cannot ${verb} resource "${found.resource}"`,
    )
  const all = (cluster.inside?.objects?.[found.resource] ?? found.read(world, cluster)).filter((one) =>
    isWanted(one, url, found.namespace),
  )
  if (found.name !== null) {
    const one = all.find((object) => (object.metadata as Api).name === found.name)
    return one ? { status: 200, body: one } : statusOf(404, 'NotFound', `"${found.name}" not found`)
  }
  return listOf(all, url, page ?? Number.POSITIVE_INFINITY)
}

function listOf(all: readonly Api[], url: URL, most: number): KubernetesAnswer {
  const from = Number(url.searchParams.get('continue') ?? 0)
  const limit = Math.min(Number(url.searchParams.get('limit') ?? most), most)
  const items = all.slice(from, from + limit)
  const next = from + items.length
  const metadata = { resourceVersion: '1', ...(next < all.length ? { continue: String(next) } : {}) }
  return { status: 200, body: { kind: 'List', apiVersion: 'v1', metadata, items } }
}

export const statusOf = (code: number, reason: string, message: string): KubernetesAnswer => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code },
})

/** Labels: `a=b,c=d` and `a in (b,c)`. Fields: `type=Warning`. */
function isWanted(object: Api, url: URL, namespace: string | null): boolean {
  const metadata = object.metadata as { namespace?: string; labels?: Record<string, string> }
  if (namespace !== null && metadata.namespace !== namespace) return false
  const labels = metadata.labels ?? {}
  const selector = url.searchParams.get('labelSelector') ?? ''
  const within = /^(\S+) in \((.*)\)$/.exec(selector)
  if (within) return (within[2] ?? '').split(',').includes(labels[within[1] ?? ''] ?? '')
  const isLabelled = selector
    .split(',')
    .filter((one) => one !== '')
    .every((one) => {
      const [key = '', value = ''] = one.split('=')
      return labels[key] === value
    })
  const [field = '', value = ''] = (url.searchParams.get('fieldSelector') ?? '').split('=')
  return isLabelled && (field === '' || object[field] === value)
}

interface Route {
  readonly pattern: RegExp
  readonly group: string
  readonly resource: string
  readonly read: (world: World, cluster: Cluster) => readonly Api[]
}

const route = (group: string, resource: string, read: Route['read']): Route => ({
  pattern: new RegExp(`^${group}(?:/namespaces/(?<namespace>[^/]+))?/${resource}(?:/(?<name>[^/]+))?$`),
  group,
  resource,
  read,
})

const insideOf = ({ inside }: Cluster) => inside ?? { services: [], pods: [], notReady: [], withoutProxy: [] }

const ROUTES: readonly Route[] = [
  route('/api/v1', 'services', (_, cluster) => services(insideOf(cluster))),
  route('/api/v1', 'endpoints', (world, cluster) => endpoints(world, insideOf(cluster))),
  route('/api/v1', 'pods', (world, cluster) => pods(world, cluster, insideOf(cluster))),
  route('/api/v1', 'nodes', (world, cluster) => nodes(world, cluster, insideOf(cluster))),
  route('/api/v1', 'configmaps', () => [controllerConfig]),
  route('/api/v1', 'events', (_, cluster) => events(insideOf(cluster))),
  route('/apis/apps/v1', 'daemonsets', (_, cluster) => [proxySet(cluster)]),
  route('/apis/networking.k8s.io/v1', 'ingresses', () => []),
  // Clusters before 1.19 have this version alone.
  route('/apis/networking.k8s.io/v1beta1', 'ingresses', () => []),
  route('/apis/discovery.k8s.io/v1', 'endpointslices', (world, cluster) => slices(world, insideOf(cluster))),
  route('/apis/cloud.tencent.com/v1alpha1', 'tkeserviceconfigs', () => []),
]
