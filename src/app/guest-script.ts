import { kindOf, type TargetKind } from '../diagnosis/index.ts'
import {
  createCommandLine,
  encodeParameters,
  type GuestCheck,
  judgeOptions,
  type Place,
  pasteCommand,
  pasteText,
  windowsCommands,
} from '../guest/index.ts'
import { endpointOf, poolName } from '../model/endpoint.ts'
import { known } from '../model/fact.ts'
import type { Snapshot } from '../model/snapshot.ts'
import {
  type EvaluatedPool,
  type EvaluatedTarget,
  evaluatePaths,
  type PodPlace,
  podPlaceOf,
  probeSourcesOf,
  reportFactOf,
} from '../path/index.ts'
import { toCidrs } from '../rules/index.ts'
import { distinctChecks, type InPool } from './own-checks.ts'

// The script for one backend, ready to paste: what the check asks for and where its probes come from follow from the
// snapshot.

export { createCommandLine }

/** A backend as a person names it. */
export type NamedTarget =
  | { readonly ip: string; readonly port: number | null }
  | { readonly instanceId: string }

export interface GuestScript {
  /** What goes to stdout. */
  readonly text: string
  readonly endpoint: string
  /** The pool whose check it asks about. */
  readonly pool: NamedPool
  /** Other pools that have the backend, with other checks. */
  readonly others: readonly NamedPool[]
  /** Of a pod: other first lines. */
  readonly forms: PodForms | null
  /** Of a node: another first line, from a shell with kubectl. */
  readonly fromCluster: string | null
  readonly isWindows: boolean
  /** The options with which guest-judge knows the check without a snapshot. Null if it has none for such a check. */
  readonly judgeOptions: string | null
}

/** `name`: for example `HTTP:80 shop.example.com/`. `option`: names it on the command line. */
export interface NamedPool {
  readonly name: string
  readonly option: string
}

export interface PodForms {
  /** In a shell on the node. Null: the node is not in the path of the probes, and the script itself is for the pod. */
  readonly onNode: string | null
  /** In the pod. */
  readonly exec: string
  /** For a pod without a shell. */
  readonly debug: string
  /** On the node, in the network of the pod. */
  readonly node: string
}

export type ScriptAnswer =
  | { readonly kind: 'script'; readonly script: GuestScript }
  /** The CLB, or its listener that was named, has no listener with backends that could be read. */
  | { readonly kind: 'no-pool' }
  /** The CLB has no such backend. Some of those that it has. */
  | { readonly kind: 'no-target'; readonly some: readonly string[]; readonly count: number }
  /** The machine has several ports behind the CLB. */
  | { readonly kind: 'several'; readonly endpoints: readonly string[] }
  /** Several pools of the backend fit what was named, each with a check of its own. */
  | { readonly kind: 'several-checks'; readonly endpoint: string; readonly pools: readonly NamedPool[] }
  /** The CLB, or its listener that was named, has no such rule. Those that it has. */
  | { readonly kind: 'no-rule'; readonly pools: readonly NamedPool[] }
  /** A managed service has no shell. */
  | { readonly kind: 'service'; readonly endpoint: string }

const SHOWN = 5

export interface Wanted {
  readonly named: NamedTarget
  readonly listenerId: string | null
  /** `loc-…`, `shop.example.com/cart`, or the domain or path of it alone. */
  readonly rule: string | null
  readonly isWindows: boolean
}

/** Pure: the same snapshot gives the same script. */
export function guestScriptOf(whole: Snapshot, { named, listenerId, rule, isWindows }: Wanted): ScriptAnswer {
  const paths = evaluatePaths(whole)
  const behind = paths.pools.filter((pool) => listenerId === null || pool.listenerId === listenerId)
  if (behind.length === 0) return { kind: 'no-pool' }
  const pools = behind.filter((pool) => rule === null || isRule(pool, rule))
  if (pools.length === 0) return { kind: 'no-rule', pools: rulesOf(behind) }
  const all: readonly InPool[] = pools.flatMap((pool) => pool.targets.map((target) => ({ pool, target })))
  const found = all.filter(({ target }) => isNamed(target, named))
  const endpoints = unique(found.map(({ target }) => endpointOf(target)))
  if (endpoints.length > 1) return { kind: 'several', endpoints }
  const checks = distinctChecks(found)
  const [first, ...others] = checks
  if (first === undefined) {
    const there = unique(all.map(({ target }) => endpointOf(target)))
    return { kind: 'no-target', some: there.slice(0, SHOWN), count: there.length }
  }
  const endpoint = endpointOf(first.target)
  const equals = checks.filter(({ target }) => target.status === first.target.status)
  if (equals.length > 1 && (listenerId !== null || rule !== null))
    return { kind: 'several-checks', endpoint, pools: equals.map(({ pool }) => nameOf(pool)) }
  const kind = kindOf(first.target, paths)
  if (kind === 'database') return { kind: 'service', endpoint }
  return {
    kind: 'script',
    script: {
      ...written(first, kind, isWindows || isKnownWindows(whole, first.target), whole),
      endpoint,
      pool: nameOf(first.pool),
      others: others.map(({ pool }) => nameOf(pool)),
    },
  }
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)]

const isNamed = (target: EvaluatedTarget, named: NamedTarget): boolean =>
  'instanceId' in named
    ? target.instanceId === named.instanceId
    : target.ip === named.ip && (named.port === null || target.port === named.port)

/** A pasted address has a scheme. */
function isRule({ locationId, domain, url }: EvaluatedPool, given: string): boolean {
  if (locationId === null) return false
  if (given === locationId || given === url) return true
  const asked = given.replace(/^https?:\/\//i, '')
  const [host = ''] = asked.split('/', 1)
  if (host.toLowerCase() !== (domain ?? '').toLowerCase()) return false
  return asked.length === host.length || asked.slice(host.length) === (url ?? '/')
}

const rulesOf = (pools: readonly EvaluatedPool[]): readonly NamedPool[] =>
  pools.filter(({ locationId }) => locationId !== null).map(nameOf)

const nameOf = (pool: EvaluatedPool): NamedPool => ({
  name: poolName(pool),
  option: pool.locationId === null ? `--listener ${pool.listenerId}` : `--rule ${pool.locationId}`,
})

/** TAT's agent tells the system of its machine. */
function isKnownWindows({ guests }: Snapshot, target: EvaluatedTarget): boolean {
  const fact = reportFactOf(guests, target)
  return fact !== undefined && fact.state !== 'ok' && fact.failure.code === 'Windows'
}

function written(
  { target }: InPool,
  kind: TargetKind,
  isWindows: boolean,
  whole: Snapshot,
): Pick<GuestScript, 'text' | 'forms' | 'fromCluster' | 'isWindows' | 'judgeOptions'> {
  const isPod = kind === 'pod'
  const check = target.guestCheck
  const protocol = protocolOf(target, check)
  if (isWindows)
    return {
      text: `${windowsCommands(check, protocol).join('\n')}\n`,
      forms: null,
      fromCluster: null,
      isWindows: true,
      judgeOptions: null,
    }
  const sources = toCidrs(probeSourcesOf(target))
  const parameters = encodeParameters({ check, sources, ...(check.kind === 'custom' ? { protocol } : {}) })
  const { ip } = target
  const home = isPod ? podPlaceOf(target, whole) : null
  const isOnNode = home !== null && mayBeForwarded(target, home, whole)
  return {
    text: pasteText(placeFor(ip, home, isOnNode), parameters),
    forms: home && formsOf(ip, home, isOnNode, parameters),
    fromCluster:
      kind === 'node-port' || kind === 'maybe-node-port'
        ? pasteCommand({ at: 'host', ip }, parameters)
        : null,
    isWindows: false,
    judgeOptions: judgeOptions(check, sources),
  }
}

const protocolOf = ({ plan }: EvaluatedTarget, { kind }: GuestCheck): 'tcp' | 'udp' =>
  kind === 'udp' || (plan.kind === 'probe' && plan.protocol === 'udp') ? 'udp' : 'tcp'

/** What decides most comes first: the node, unless it is known not to be in the path. */
function placeFor(ip: string, home: PodPlace | null, isOnNode: boolean): Place {
  if (home === null) return { at: 'machine' }
  return isOnNode ? { at: 'pod-node', ip, node: home.node } : { at: 'pod', ip, pod: home.pod }
}

/** An interface that nobody read may be a shared one. */
const mayBeForwarded = ({ ip, type }: EvaluatedTarget, home: PodPlace, { interfaces }: Snapshot): boolean =>
  home.isForwarded || (type !== 'GLOBALROUTE' && home.node === null && !known(interfaces[ip]))

const formsOf = (ip: string, { pod }: PodPlace, isOnNode: boolean, parameters: string): PodForms => ({
  onNode: isOnNode ? pasteCommand({ at: 'machine' }, parameters) : null,
  exec: pasteCommand({ at: 'pod', ip, pod }, parameters),
  debug: pasteCommand({ at: 'debug', ip, pod }, parameters),
  node: pasteCommand({ at: 'node', ip }, parameters),
})
