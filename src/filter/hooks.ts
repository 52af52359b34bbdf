import type { Filters } from './filters.ts'
import { isReply, merged, ownOf } from './flow.ts'
import type { Chain, Doubt, Flow, Hook } from './program.ts'
import { type Walk, walkChain } from './walk.ts'
import { locatedChain } from './wording.ts'

interface Stage {
  readonly priority: number
  /** Among stages of one priority. */
  readonly order: number
  readonly run: (flows: readonly Flow[]) => readonly Flow[]
}

/** The kernel's own stages among the chains of a hook. */
const CONNTRACK = -200
const NAT: Partial<Record<Hook, number>> = { prerouting: -100, output: -100, input: 100, postrouting: 100 }

/** All chains of a hook, and the kernel's stages between them, in order. Gives the flows that get through. */
export function runHook(walk: Walk, filters: Filters, hook: Hook, flows: readonly Flow[]): readonly Flow[] {
  if (flows.length === 0) return flows
  const family = flows[0]?.trip.family
  const tables = filters.tables.filter(
    (table) => family === (table.family === 'ip' ? 4 : table.family === 'ip6' ? 6 : family),
  )
  const chains = tables.flatMap((table) => [...table.chains.values()])
  const stages = [...chains.flatMap((chain) => stageOf(walk, chain, hook)), ...kernelStages(walk, hook)].sort(
    (a, b) => a.priority - b.priority || a.order - b.order,
  )
  let open = merged(flows.map((flow) => ({ ...flow, isNatDone: false })))
  for (const { run } of stages) open = merged(run(open))
  return open
}

function kernelStages(walk: Walk, hook: Hook): readonly Stage[] {
  const nat = NAT[hook]
  return [
    ...(hook === 'prerouting' || hook === 'output'
      ? [
          {
            priority: CONNTRACK,
            order: -Infinity,
            run: (flows: readonly Flow[]) => flows.map((flow) => zoned(walk, flow)),
          },
        ]
      : []),
    ...(nat === undefined
      ? []
      : [
          {
            priority: nat,
            order: Infinity,
            run: (flows: readonly Flow[]) => flows.map((flow) => translated(flow, hook)),
          },
        ]),
  ]
}

/**
 * Each zone has a table of its own: a packet in another zone than the request belongs to no connection that conntrack
 * knows. If nat changed the request, nothing changes the answer back, and what becomes of it is not followed.
 */
function zoned(walk: Walk, flow: Flow): Flow {
  const { leg, notice, ct, zone, connectionZone, connection } = flow
  if (flow.trip.isNeighbour) return { ...flow, ct: 'untracked' }
  if (leg === 'request') return { ...tracked(flow), connectionZone: zone }
  if (isAttached(notice) || ct === 'untracked' || (zone !== null && zone === connectionZone))
    return tracked(flow)
  if (flow.isDnat || flow.isSnat) walk.decide(walk.doubtful(flow, ZONES), 'drop', null)
  if (zone === null || connectionZone === null) return { ...flow, ct: null, connectionZone: null }
  const { ct: found } = tracked({ ...flow, connection: 'none' })
  return { ...flow, ct: found, connection: connection === 'open' ? 'unanswered' : connection }
}

/** A notice belongs to the connection of the packet that was rejected, wherever it is looked up. */
const isAttached = (notice: Flow['notice']): boolean => notice === 'icmp' || notice === 'reset'

const ZONES: Doubt = { rule: null, text: 'ct zone' }

/** What conntrack makes of the packet. */
function tracked(flow: Flow): Flow {
  const { leg, ct, connection, trip, notice } = flow
  if (isAttached(notice)) return ct === 'none' ? { ...flow, ct: 'invalid' } : flow
  if (ct === 'untracked')
    return connection === 'open' && leg === 'reply' ? { ...flow, connection: 'unanswered' } : flow
  if (leg === 'request') return { ...flow, ct: 'new', connection: 'open' }
  if (connection === 'open') return { ...flow, ct: 'established', connection: 'answered' }
  if (connection === 'answered') return { ...flow, ct: 'established' }
  if (connection === 'unanswered') return { ...flow, ct: 'invalid' }
  // Without a connection: UDP opens one, TCP does so in its middle only, and nothing else can.
  if (leg === 'data') return { ...flow, ct: 'new', connection: 'open' }
  return { ...flow, ct: trip.protocol === UDP ? 'new' : 'invalid' }
}

const UDP = 17

/** Packets of a known connection are changed as its first packet was. */
function translated(flow: Flow, hook: Hook): Flow {
  const { leg, isSnat, target } = flow
  if (isReply(flow)) return { ...flow, hidesPeer: false }
  if (hook !== 'prerouting') return { ...flow, hidesPeer: isSnat }
  if (leg === 'request') return { ...flow, target: { address: flow.address, ports: flow.ports } }
  return { ...flow, address: target.address, ports: target.ports, own: ownOf(target.address) }
}

const FIXED: Readonly<Record<string, number>> = NAT

function stageOf(walk: Walk, chain: Chain, hook: Hook): readonly Stage[] {
  const { base, table } = chain
  if (base === null || (base.hook !== hook && table.family !== 'bridge')) return []
  if (table.family === 'bridge') return bridgeStage(walk, chain, hook)
  // Chains of nat run where nat does, in their own order.
  const priority = base.isNat ? (FIXED[hook] ?? base.priority) : base.priority
  return [{ priority, order: base.isNat ? base.priority : 0, run: (flows) => runBase(walk, chain, flows) }]
}

/** The hooks of a bridge that a packet meets where it comes in and where it goes out. */
const BRIDGE: Partial<Record<Hook, readonly Hook[]>> = {
  ingress: ['prerouting', 'input'],
  egress: ['output', 'postrouting'],
}

/** Whether a device is a bridge is not known, so a packet may meet the chain. */
function bridgeStage(walk: Walk, chain: Chain, hook: Hook): readonly Stage[] {
  const { base } = chain
  if (base === null || !BRIDGE[hook]?.includes(base.hook)) return []
  const doubt: Doubt = { rule: null, text: locatedChain(chain) }
  const run = (flow: Flow): readonly Flow[] => [
    flow,
    ...runBase(walk, chain, [walk.doubtful({ ...flow, input: null, output: null }, doubt)]).map((passed) => ({
      ...passed,
      input: flow.input,
      output: flow.output,
    })),
  ]
  return [{ priority: base.priority, order: 0, run: (flows) => flows.flatMap(run) }]
}

/** Runs the flows that the chain is asked about. All others pass. */
function runBase(walk: Walk, chain: Chain, flows: readonly Flow[]): readonly Flow[] {
  const { base } = chain
  const passed: Flow[] = []
  const asked: Flow[] = []
  const doubt: Doubt = { rule: null, text: locatedChain(chain) }
  for (const flow of flows) {
    const isMet = base?.isNat ? isForNat(flow) : isOfDevice(chain, flow)
    if (isMet !== true) passed.push(flow)
    if (isMet !== false) asked.push(isMet === 'maybe' ? walk.doubtful(flow, doubt) : flow)
  }
  if (asked.length === 0) return passed
  const { accepted, ended } = walkChain(walk, chain, asked)
  if (base?.policy === 'accept') return [...passed, ...accepted, ...ended]
  for (const flow of ended)
    walk.decide(base?.policy === null ? walk.doubtful(flow, doubt) : flow, 'drop', chain)
  return [...passed, ...accepted, ...(base?.policy === null ? ended : [])]
}

/** Chains of nat are asked for the first packet of a connection, until one of them decides. */
const isForNat = ({ leg, ct, isNatDone }: Flow): boolean => leg === 'request' && ct === 'new' && !isNatDone

function isOfDevice({ base }: Chain, { input, output }: Flow): boolean | 'maybe' {
  if (!base?.devices) return true
  const device = base.hook === 'egress' ? output : input
  return device === null ? 'maybe' : base.devices.includes(device)
}
