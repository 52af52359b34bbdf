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
  /** The pool whose check it asks about, for example `HTTP:80 shop.example.com/`, and its listener. */
  readonly pool: { readonly name: string; readonly listenerId: string }
  /** Other pools that have the backend, with other checks. */
  readonly others: readonly { readonly name: string; readonly listenerId: string }[]
  /** Of a pod: other first lines. */
  readonly forms: PodForms | null
  /** Of a node: another first line, from a shell with kubectl. */
  readonly fromCluster: string | null
  readonly isWindows: boolean
  /** The options with which guest-judge knows the check without a snapshot. Null if it has none for such a check. */
  readonly judgeOptions: string | null
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
  /** A managed service has no shell. */
  | { readonly kind: 'service'; readonly endpoint: string }

interface Found {
  readonly pool: EvaluatedPool
  readonly target: EvaluatedTarget
}

const SHOWN = 5

export interface Wanted {
  readonly named: NamedTarget
  readonly listenerId: string | null
  readonly isWindows: boolean
}

/** Pure: the same snapshot gives the same script. */
export function guestScriptOf(whole: Snapshot, { named, listenerId, isWindows }: Wanted): ScriptAnswer {
  const paths = evaluatePaths(whole)
  const pools = paths.pools.filter((pool) => listenerId === null || pool.listenerId === listenerId)
  if (pools.length === 0) return { kind: 'no-pool' }
  const all: readonly Found[] = pools.flatMap((pool) => pool.targets.map((target) => ({ pool, target })))
  const found = all.filter(({ target }) => isNamed(target, named))
  const endpoints = unique(found.map(({ target }) => endpointOf(target)))
  if (endpoints.length > 1) return { kind: 'several', endpoints }
  // A Dead backend is what somebody wants to look into.
  const first = found.find(({ target }) => target.status === 'Dead') ?? found[0]
  if (first === undefined) {
    const there = unique(all.map(({ target }) => endpointOf(target)))
    return { kind: 'no-target', some: there.slice(0, SHOWN), count: there.length }
  }
  const endpoint = endpointOf(first.target)
  const kind = kindOf(first.target, paths)
  if (kind === 'database') return { kind: 'service', endpoint }
  return {
    kind: 'script',
    script: {
      ...written(first, kind, isWindows || isKnownWindows(whole, first.target), whole),
      endpoint,
      pool: nameOf(first.pool),
      others: othersThan(first, found),
    },
  }
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)]

const isNamed = (target: EvaluatedTarget, named: NamedTarget): boolean =>
  'instanceId' in named
    ? target.instanceId === named.instanceId
    : target.ip === named.ip && (named.port === null || target.port === named.port)

const nameOf = (pool: EvaluatedPool): GuestScript['pool'] => ({
  name: poolName(pool),
  listenerId: pool.listenerId,
})

/** The pools whose check asks for something else. */
function othersThan(first: Found, found: readonly Found[]): GuestScript['others'] {
  const own = JSON.stringify(first.target.guestCheck)
  return found
    .filter(({ target }) => JSON.stringify(target.guestCheck) !== own)
    .map(({ pool }) => nameOf(pool))
}

/** TAT's agent tells the system of its machine. */
function isKnownWindows({ guests }: Snapshot, target: EvaluatedTarget): boolean {
  const fact = reportFactOf(guests, target)
  return fact !== undefined && fact.state !== 'ok' && fact.failure.code === 'Windows'
}

function written(
  { target }: Found,
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
