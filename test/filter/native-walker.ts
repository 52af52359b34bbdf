import { endsOfAll } from './chances.ts'
import type { Chain, Outcome, Rule } from './native-lists.ts'
import { type Answer, allOf, type Packet } from './native-packet.ts'

// One packet walks through native tables, rule by rule, by the meaning of each match.

export interface Probe {
  readonly source: string
  readonly destination: string
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  readonly port: number | null
  readonly device: string
}

type End = 'accept' | 'return' | { readonly verdict: string; readonly by: string }

const CONNTRACK = -200
const HOOKS = { in: ['prerouting', 'input'], out: ['output', 'postrouting'] } as const
const FLAGS = { request: ['syn'], reply: ['syn', 'ack'], data: ['ack'], answer: ['ack'] }

class Walker {
  private readonly chains: readonly Chain[]
  private readonly probe: Probe
  private readonly chance: () => boolean

  constructor(chains: readonly Chain[], probe: Probe, chance: () => boolean) {
    this.chains = chains
    this.probe = probe
    this.chance = chance
  }

  /** `pass`, or `drop at the request: base_3 1`. */
  walk(): string {
    const connection: Packet['connection'] = { mark: 0, isKnown: false, isSpoiled: false, isReversed: false }
    const legs =
      this.probe.protocol === 'tcp'
        ? (['request', 'reply', 'data', 'answer'] as const)
        : (['request', 'reply'] as const)
    for (const leg of legs) {
      const packet = this.packet(leg, connection)
      const end = this.pass(packet, isBack(leg) ? 'out' : 'in')
      if (end === 'accept') continue
      const verdict = this.isHeard(packet, end.verdict) ? end.verdict : 'drop'
      return `${verdict} at the ${leg === 'answer' ? 'data' : leg}: ${end.by}`
    }
    return 'pass'
  }

  private packet(leg: Packet['leg'], connection: Packet['connection'], more: Partial<Packet> = {}): Packet {
    const { source: prober, destination: own, protocol, port, device } = this.probe
    const back = isBack(leg)
    const [theirs, ours] = port === null ? ([null, null] as const) : (['any', port] as const)
    return {
      leg,
      source: back ? own : prober,
      destination: back ? prober : own,
      protocol,
      sport: back ? ours : theirs,
      dport: back ? theirs : ours,
      flags: protocol === 'tcp' ? FLAGS[leg] : [],
      input: back ? '' : device,
      output: back ? device : '',
      ct: 'invalid',
      mark: 0,
      isReply: back,
      hasReply: false,
      connection,
      ...more,
    }
  }

  /** Does the prober hear of it? */
  private isHeard(packet: Packet, verdict: string): boolean {
    if (verdict === 'drop') return true
    if (packet.leg === 'reply' || (packet.leg === 'answer' && verdict !== 'reset')) return true
    const about = { ct: isTracked(packet) ? 'related' : 'invalid', hasReply: packet.hasReply } as const
    if (packet.leg === 'answer') return this.isClosed(packet, about)
    const reset = { flags: packet.leg === 'data' ? ['rst'] : ['rst', 'ack'] }
    const icmp = { protocol: 'icmp', sport: null, dport: null, flags: [] }
    const notice = this.packet(
      'reply',
      { ...packet.connection },
      { ...about, ...(verdict === 'reset' ? reset : icmp) },
    )
    return this.pass(notice, 'out', true) === 'accept'
  }

  /** A reset in place of an answer goes over loopback, and the closed end tells the prober. */
  private isClosed({ connection }: Packet, about: Partial<Packet>): boolean {
    const shared = { ...connection }
    const sent = this.packet('data', shared, { ...about, flags: ['rst'], input: '', output: 'lo' })
    if (this.pass(sent, 'out', true) !== 'accept') return false
    sent.input = 'lo'
    sent.output = ''
    if (this.pass(sent, 'in', true) !== 'accept') return false
    return this.pass(this.packet('answer', shared, { flags: ['rst'] }), 'out') === 'accept'
  }

  /** `isAttached`: the packet has the connection of another. */
  private pass(packet: Packet, way: 'in' | 'out', isAttached = false): Exclude<End, 'return'> {
    for (const hook of HOOKS[way]) {
      const isFirst = hook === 'prerouting' || hook === 'output'
      if (isFirst && !isAttached) packet.ct = 'invalid'
      const own = this.chains
        .filter(({ base }) => base?.hook === hook)
        .sort((a, b) => (a.base?.priority ?? 0) - (b.base?.priority ?? 0))
      const early = own.filter(({ base }) => (base?.priority ?? 0) < CONNTRACK)
      const late = own.filter((chain) => !early.includes(chain))
      for (const chains of [early, late]) {
        for (const chain of chains) {
          const end = this.base(chain, packet)
          if (end !== 'accept') return end
        }
        if (chains === early && isFirst && !isAttached) track(packet, this.probe.protocol)
      }
    }
    return 'accept'
  }

  private base(chain: Chain, packet: Packet): Exclude<End, 'return'> {
    const end = this.chain(chain, packet)
    if (end !== 'return') return end
    return chain.base?.policy === 'drop' ? { verdict: 'drop', by: `${chain.name} policy drop` } : 'accept'
  }

  private chain(chain: Chain, packet: Packet): End {
    for (const [i, rule] of chain.rules.entries()) {
      const outcome = this.rule(rule, packet)
      if (outcome === 'next') continue
      const by = `${chain.name} ${i + 1}`
      if (outcome === 'queue') {
        // Another program decides: it drops, accepts or lets it go on.
        if (this.chance()) return { verdict: 'drop', by }
        if (this.chance()) return 'accept'
        continue
      }
      if (outcome === 'accept' || outcome === 'return') return outcome
      if (typeof outcome !== 'object') return { verdict: outcome, by }
      const next = this.chains.find(({ name }) => name === outcome.chain) as Chain
      const inner = this.chain(next, packet)
      if (inner !== 'return') return inner
      if (outcome.how === 'goto') return 'return'
    }
    return 'return'
  }

  private rule({ matches, effect }: Rule, packet: Packet): Outcome {
    if (!this.isMet(allOf(matches.map(({ holds }) => holds(packet))))) return 'next'
    for (const { holds, outcome, change } of effect.cases) {
      if (!this.isMet(holds(packet))) continue
      change?.(packet)
      return outcome
    }
    return 'next'
  }

  private isMet(answer: Answer): boolean {
    return answer === 'chance' ? this.chance() : answer
  }
}

const isBack = (leg: Packet['leg']): boolean => leg === 'reply' || leg === 'answer'
const isTracked = ({ ct }: Packet): boolean => ct === 'new' || ct === 'established' || ct === 'related'

/** What conntrack makes of a packet. */
function track(packet: Packet, protocol: Probe['protocol']): void {
  const { leg, connection } = packet
  if (packet.ct === 'untracked') {
    if (leg === 'reply' && connection.isKnown) connection.isSpoiled = true
    return
  }
  if (!connection.isKnown) {
    // UDP opens a connection with any packet, TCP with its first one or in its middle.
    const opens = leg === 'request' || leg === 'data' || protocol === 'udp'
    packet.ct = opens ? 'new' : 'invalid'
    if (!opens) return
    connection.isKnown = true
    connection.isReversed = isBack(leg)
  } else packet.ct = connection.isSpoiled ? 'invalid' : 'established'
  packet.isReply = isBack(leg) !== connection.isReversed
  packet.hasReply = packet.ct === 'established' && leg !== 'request'
}

/** All ends that a packet may have, over every answer of what nobody can tell. None if they are too many to try. */
export function endsOf(chains: readonly Chain[], probe: Probe): ReadonlySet<string> {
  const { ends, isWhole } = endsOfAll((chance) => new Walker(chains, probe, chance).walk())
  return isWhole ? ends : new Set()
}
