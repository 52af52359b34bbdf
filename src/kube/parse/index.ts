import { ok } from '../../model/fact.ts'
import { KUBECTL, type Kubernetes } from '../../model/kubernetes.ts'
import { kept } from '../../model/memo.ts'
import { TextError } from '../../model/text-error.ts'
import { filled } from '../../text/index.ts'
import { TEXTS } from '../texts.ts'
import { configOf } from './configs.ts'
import { isJson, items, type Json, text } from './json.ts'
import { NamelessError } from './named.ts'
import { controllerOf, eventOf, isProxy, isWarning, nodeOf, podOf, proxySetOf } from './pods.ts'
import { ingressOf, serviceOf, sliceOf, slicesOfEndpoints } from './services.ts'

/** The text does not come from `kubectl get … -o json`. The message says what it is and what to run. */
export class KubernetesTextError extends TextError {
  override readonly name = 'KubernetesTextError'
}

/** The kinds that say something, as the API writes them. */
const KINDS = [
  'Service',
  'Ingress',
  'EndpointSlice',
  'Endpoints',
  'Pod',
  'Node',
  'DaemonSet',
  'ConfigMap',
  'TkeServiceConfig',
  'Event',
] as const
type Kind = (typeof KINDS)[number]

/**
 * Reads what `kubectl get … -o json` prints: a List of one kind or of several, or single objects. A kind that it does not
 * hold counts as not read.
 * @throws KubernetesTextError
 */
export const parseKubernetes = (printed: string): Kubernetes => kubernetesIn(parsed(printed))

/**
 * The same of JSON that was parsed.
 * @throws KubernetesTextError
 */
export function kubernetesIn(printed: unknown): Kubernetes {
  const objects = objectsIn(printed)
  const byKind = new Map<string, Json[]>()
  for (const { kind, api } of objects) kept(byKind, kind, () => []).push(api)
  const known = KINDS.filter((kind) => byKind.has(kind))
  if (known.length === 0)
    throw new KubernetesTextError(
      byKind.size === 0
        ? filled(TEXTS.noObjects, { command: KUBECTL })
        : filled(TEXTS.otherKinds, { kinds: [...byKind.keys()].slice(0, 5), command: KUBECTL }),
    )
  try {
    return viewOf(new Map(known.map((kind) => [kind, byKind.get(kind) ?? []])))
  } catch (error) {
    if (!(error instanceof NamelessError)) throw error
    throw new KubernetesTextError(filled(TEXTS.nameless, { command: KUBECTL }), { cause: error })
  }
}

function parsed(printed: string): unknown {
  try {
    // A BOM comes from PowerShell's redirection.
    return JSON.parse(printed.replace(/^\ufeff/, ''))
  } catch (cause) {
    throw new KubernetesTextError(filled(TEXTS.notJson, { command: KUBECTL }), { cause })
  }
}

interface Typed {
  readonly kind: string
  readonly api: Json
}

/** The objects of a list carry no kind of their own if the list names it: `PodList`. */
function objectsIn(value: unknown, listed: string | null = null): readonly Typed[] {
  if (Array.isArray(value)) return value.flatMap((one) => objectsIn(one, listed))
  if (!isJson(value)) return []
  const kind = text(value, 'kind') ?? listed
  if (kind === 'Status')
    throw new KubernetesTextError(
      filled(TEXTS.status, { message: [...(text(value, 'message') ?? '')].slice(0, 200).join('') }),
    )
  if (kind !== null && Array.isArray(value.items) && text(value, 'metadata', 'continue') !== null)
    throw new KubernetesTextError(filled(TEXTS.onePage, { kind, command: KUBECTL }))
  if (kind !== null && Array.isArray(value.items))
    return objectsIn(value.items, kind === 'List' ? null : kind.replace(/List$/, ''))
  return kind === null ? [] : [{ kind, api: value }]
}

function viewOf(byKind: ReadonlyMap<Kind, readonly Json[]>): Kubernetes {
  const list = <T>(kind: Kind, of: (api: Json) => T) => {
    const found = byKind.get(kind)
    return found && ok(found.map(of))
  }
  const controller = byKind
    .get('ConfigMap')
    ?.find(
      (api) =>
        text(api, 'metadata', 'name') === 'tke-service-controller-config' &&
        text(api, 'metadata', 'namespace') === 'kube-system',
    )
  const pods = byKind.get('Pod')
  // The list may be of other namespaces only.
  const isWhole = pods?.some((api) => text(api, 'metadata', 'namespace') === 'kube-system')
  const endpoints = byKind.get('Endpoints')
  const sets = byKind.get('DaemonSet')
  const proxySet = sets?.find(isProxy)
  return present({
    by: 'kubectl' as const,
    services: list('Service', serviceOf),
    ingresses: list('Ingress', ingressOf),
    slices: list('EndpointSlice', sliceOf) ?? (endpoints && ok(endpoints.flatMap(slicesOfEndpoints))),
    pods: list('Pod', podOf),
    nodes: list('Node', nodeOf),
    proxies: isWhole ? ok((pods ?? []).filter(isProxy).map(podOf)) : undefined,
    proxySet: sets && ok(proxySet ? proxySetOf(proxySet) : null),
    controller: controller && ok(controllerOf(controller)),
    serviceConfigs: list('TkeServiceConfig', configOf),
    events: byKind.get('Event') && ok((byKind.get('Event') ?? []).filter(isWarning).map(eventOf)),
  })
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** Without the fields that are undefined. */
const present = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>

/** How many objects a list of the API holds, and where its next page begins. Null: this is no list. */
export function pageOf(
  value: unknown,
): { readonly objects: readonly Json[]; readonly next: string | null } | null {
  // A list of nothing may have null there.
  return isJson(value) &&
    (Array.isArray(value.items) || (value.items === null && /List$/.test(text(value, 'kind') ?? '')))
    ? { objects: items(value, 'items'), next: text(value, 'metadata', 'continue') }
    : null
}
