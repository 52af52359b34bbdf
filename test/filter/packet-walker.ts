import { endsOfAll } from './chances.ts'
// A packet walks through iptables-save texts, rule by rule. This code shares nothing with the evaluator, so that a mistake
// in one is not a mistake in both. It knows what random-lists.ts writes, and no more.

export interface Packet {
  readonly protocol: 'tcp' | 'udp'
  readonly source: string
  readonly destination: string
  readonly port: number
  readonly device: string
}

type Leg = 'request' | 'reply' | 'data' | 'answer'

interface State {
  readonly leg: Leg
  /** Of the packet itself: that of a REJECT differs. */
  readonly protocol: string
  readonly flags: readonly string[]
  ct: 'INVALID' | 'NEW' | 'ESTABLISHED' | 'RELATED' | 'UNTRACKED'
  mark: number
  readonly device: string
  /** At a hook of what leaves the machine. */
  isLeaving: boolean
  readonly connection: { mark: number; isKnown: boolean; isSpoiled: boolean }
}

const goesBack = (leg: Leg): boolean => leg === 'reply' || leg === 'answer'

type End = { readonly verdict: string; readonly by: string } | 'accept' | 'return'

const number = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

const inCidr = (address: string, cidr: string): boolean => {
  const [network = '', bits = '32'] = cidr.split('/')
  const size = 2 ** (32 - Number(bits))
  return Math.floor(number(address) / size) === Math.floor(number(network) / size)
}

const isBetween = (address: string, range: string): boolean => {
  const [from = '', to = ''] = range.split('-')
  return number(from) <= number(address) && number(address) <= number(to)
}

type Tables = Map<string, { readonly policies: Map<string, string>; readonly rules: Map<string, string[]> }>

function parse(text: string): Tables {
  const tables: Tables = new Map()
  let [policies, rules] = [new Map<string, string>(), new Map<string, string[]>()]
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) {
      policies = new Map()
      rules = new Map()
      tables.set(line.slice(1), { policies, rules })
    } else if (line.startsWith(':')) {
      const [chain = '', policy = ''] = line.slice(1).split(' ')
      policies.set(chain, policy)
      rules.set(chain, [])
    } else if (line.startsWith('-A ')) {
      const [, chain = ''] = line.split(' ')
      rules.get(chain)?.push(line.slice(4 + chain.length).trim())
    }
  }
  return tables
}

const IN = [
  'raw PREROUTING',
  'conntrack',
  'mangle PREROUTING',
  'mangle INPUT',
  'filter INPUT',
  'security INPUT',
]
const OUT = ['raw OUTPUT', 'conntrack', 'mangle OUTPUT', 'filter OUTPUT', 'mangle POSTROUTING']

export class Walker {
  private readonly tables: Tables
  private readonly sets: string
  private readonly packet: Packet
  /** Does a match that nobody can tell hold this time? */
  private readonly chance: () => boolean

  constructor(text: string, sets: string, packet: Packet, chance: () => boolean) {
    this.tables = parse(text)
    this.sets = sets
    this.packet = packet
    this.chance = chance
  }

  /** `pass`, or `drop at the request: INPUT 3`. */
  walk(): string {
    const connection = { mark: 0, isKnown: false, isSpoiled: false }
    const { protocol } = this.packet
    for (const leg of protocol === 'tcp'
      ? (['request', 'reply', 'data', 'answer'] as const)
      : (['request', 'reply'] as const)) {
      const flags = { request: ['SYN'], reply: ['SYN', 'ACK'], data: ['ACK'], answer: ['ACK'] }[leg]
      const { device } = this.packet
      const state: State = {
        leg,
        protocol,
        flags,
        ct: 'INVALID',
        mark: 0,
        device,
        isLeaving: false,
        connection,
      }
      const end = this.hooks(goesBack(leg) ? OUT : IN, state)
      if (end === 'accept') continue
      const isHeard =
        leg === 'answer' && end.verdict === 'reset'
          ? this.isClosed(state)
          : goesBack(leg) || end.verdict === 'drop' || this.isHeard(end.verdict, state)
      return `${isHeard ? end.verdict : 'drop'} at the ${leg === 'answer' ? 'data' : leg}: ${end.by}`
    }
    return 'pass'
  }

  /** Does what tells the prober of a REJECT get out? */
  private isHeard(verdict: string, { leg, ct, connection }: State): boolean {
    const isTracked = ct === 'NEW' || ct === 'ESTABLISHED'
    const state: State = {
      leg: 'reply',
      protocol: verdict === 'reset' ? 'tcp' : 'icmp',
      flags: leg === 'data' ? ['RST'] : ['RST', 'ACK'],
      ct: isTracked ? 'RELATED' : 'INVALID',
      mark: 0,
      device: this.packet.device,
      isLeaving: true,
      connection: { ...connection },
    }
    const hooks = OUT.filter((hook) => hook !== 'conntrack')
    return this.hooks(hooks, state) === 'accept'
  }

  /**
   * A reset in place of an answer comes to the machine's own end, through loopback, and closes it. Does the reset of the
   * closed end get out?
   */
  private isClosed({ ct, connection, device }: State): boolean {
    const isTracked = ct === 'NEW' || ct === 'ESTABLISHED'
    const shared = {
      protocol: 'tcp',
      flags: ['RST'],
      mark: 0,
      isLeaving: true,
      connection: { ...connection },
    }
    const sent: State = { ...shared, leg: 'data', ct: isTracked ? 'RELATED' : 'INVALID', device: 'lo' }
    for (const hooks of [OUT, IN])
      if (
        this.hooks(
          hooks.filter((hook) => hook !== 'conntrack'),
          sent,
        ) !== 'accept'
      )
        return false
    return this.hooks(OUT, { ...shared, leg: 'answer', ct: 'INVALID', device }) === 'accept'
  }

  private hooks(hooks: readonly string[], state: State): Exclude<End, 'return'> {
    for (const hook of hooks) {
      if (hook === 'conntrack') this.track(state)
      else {
        const end = this.hook(hook, state)
        if (end !== 'accept') return end
      }
    }
    return 'accept'
  }

  private track(state: State): void {
    const { connection, leg } = state
    if (state.ct === 'UNTRACKED') {
      if (leg === 'reply' && connection.isKnown) connection.isSpoiled = true
      return
    }
    if (leg === 'request') {
      connection.isKnown = true
      state.ct = 'NEW'
    } else if (!connection.isKnown) {
      state.ct = this.packet.protocol === 'udp' || leg === 'data' ? 'NEW' : 'INVALID'
      // A connection that is taken up in its middle.
      if (leg === 'data') connection.isKnown = true
    } else if (connection.isSpoiled) state.ct = 'INVALID'
    else state.ct = 'ESTABLISHED'
  }

  private hook(hook: string, state: State): Exclude<End, 'return'> {
    const [name = '', chain = ''] = hook.split(' ')
    state.isLeaving = OUT.includes(hook)
    const table = this.tables.get(name)
    if (table === undefined) return 'accept'
    const end = this.chain(name, chain, state)
    if (end !== 'return') return end
    return table.policies.get(chain) === 'DROP' ? { verdict: 'drop', by: `${chain} policy DROP` } : 'accept'
  }

  private chain(table: string, chain: string, state: State): End {
    const rules = this.tables.get(table)?.rules.get(chain) ?? []
    for (const [i, rule] of rules.entries()) {
      const words = rule
        .replace(/--comment "[^"]*"/, '')
        .split(/\s+/)
        .filter(Boolean)
      const at = words.findIndex((word) => word === '-j' || word === '-g')
      if (!this.matches(at < 0 ? words : words.slice(0, at), state) || at < 0) continue
      const [how, target = '', ...options] = words.slice(at)
      const end = this.target(target, options, state)
      if (end === 'accept' || end === 'return') return end
      if (end === 'next') continue
      if (end) return { verdict: end, by: `${chain} ${i + 1}` }
      const inner = this.chain(table, target, state)
      if (inner !== 'return') return inner
      if (how === '-g') return 'return'
    }
    return 'return'
  }

  /** Null: a chain. */
  private target(target: string, options: readonly string[], state: State): string | null {
    const after = (name: string): string => options[options.indexOf(name) + 1] ?? ''
    const tracked = ['NEW', 'ESTABLISHED', 'RELATED'].includes(state.ct)
    const set = (mark: number): number => {
      const [value = 0, mask = 0] = after('--set-xmark').split('/').map(Number)
      return ((mark & ~mask) ^ value) >>> 0
    }
    switch (target) {
      case 'ACCEPT':
        return 'accept'
      case 'RETURN':
        return 'return'
      case 'DROP':
        return 'drop'
      case 'REJECT':
        return after('--reject-with') === 'tcp-reset' ? 'reset' : `reject ${after('--reject-with')}`
      case 'LOG':
        return 'next'
      case 'CT':
        if (state.ct === 'INVALID') state.ct = 'UNTRACKED'
        return 'next'
      case 'MARK':
        state.mark = set(state.mark)
        return 'next'
      case 'CONNMARK':
        if (!tracked) return 'next'
        if (options.includes('--save-mark')) state.connection.mark = state.mark
        else if (options.includes('--restore-mark')) state.mark = state.connection.mark
        else state.connection.mark = set(state.connection.mark)
        return 'next'
      default:
        return null
    }
  }

  private matches(words: readonly string[], state: State): boolean {
    let isWanted = true
    let module = ''
    for (let i = 0; i < words.length; i++) {
      const [word = '', next = '', third = ''] = words.slice(i)
      if (word === '!') {
        isWanted = false
        continue
      }
      const met = this.option(word, module, next, third, state)
      if (word === '-m') module = next
      i +=
        met === null
          ? 0
          : word === '--match-set' || word === '--tcp-flags'
            ? 2
            : word === '--rcheck' || word === '--rsource'
              ? 0
              : 1
      if (module === 'connmark' && word === '--mark' && !['NEW', 'ESTABLISHED', 'RELATED'].includes(state.ct))
        return false
      if (met !== null && met !== isWanted) return false
      isWanted = true
    }
    return true
  }

  private option(word: string, module: string, next: string, third: string, state: State): boolean | null {
    const { packet } = this
    const isBack = goesBack(state.leg)
    const [source, destination] = isBack
      ? [packet.destination, packet.source]
      : [packet.source, packet.destination]
    const port = packet.port
    const inPorts = (text: string): boolean =>
      text.split(',').some((one) => {
        const [from = 0, to = from] = one.split(':').map(Number)
        return from <= port && port <= to
      })
    const marked = (mark: number): boolean => {
      const [value = 0, mask = 0xffffffff] = next.split('/').map(Number)
      return (mark & mask) >>> 0 === value
    }
    const device = (name: string): boolean =>
      name.endsWith('+') ? state.device.startsWith(name.slice(0, -1)) : name === state.device
    switch (word) {
      case '-m':
        return next === 'limit' || next === 'recent' ? this.chance() : true
      case '-p':
        return next === state.protocol
      case '-s':
        return inCidr(source, next)
      case '-d':
        return inCidr(destination, next)
      case '-i':
        return !state.isLeaving && device(next)
      case '-o':
        return state.isLeaving && device(next)
      case '--src-range':
        return isBetween(source, next)
      case '--dst-range':
        return isBetween(destination, next)
      case '--dport':
      case '--dports':
        return !isBack && inPorts(next)
      case '--sport':
      case '--sports':
        return isBack && inPorts(next)
      case '--ctstate':
        return next.split(',').includes(state.ct)
      case '--mark':
        return marked(module === 'connmark' ? state.connection.mark : state.mark)
      case '--tcp-flags': {
        const asked = next.split(',').filter((flag) => state.flags.includes(flag))
        return asked.sort().join() === third.split(',').sort().join()
      }
      case '--match-set':
        return this.inSet(next, third, state)
      case '--dst-type':
        return !isBack
      case '--src-type':
        return isBack
      default:
        return word.startsWith('--') ? true : null
    }
  }

  /** The longest prefix of the set decides. */
  private inSet(name: string, sides: string, { leg, protocol }: State): boolean {
    const { packet } = this
    const isBack = goesBack(leg)
    const [peerSide, portSide] = sides.split(',')
    // Sets have addresses of probers only, so a test of its other side is false.
    if ((peerSide === 'src') === isBack) return false
    const members = [
      ...this.sets.matchAll(new RegExp(`^add ${name} ([^\\s,]+)(?:,(\\S+))?( nomatch)?$`, 'gm')),
    ]
      .map(([, cidr = '', port, exception]) => ({ cidr, port, isHit: exception === undefined }))
      .filter(({ cidr }) => inCidr(packet.source, cidr))
      .filter(
        ({ port }) =>
          port === undefined || (port === `${protocol}:${packet.port}` && (portSide === 'src') === isBack),
      )
      .sort((a, b) => Number(b.cidr.split('/')[1] ?? 32) - Number(a.cidr.split('/')[1] ?? 32))
    return members[0]?.isHit ?? false
  }
}

/** All ends that a packet may have, over every answer of what nobody can tell. */
export const endsOf = (text: string, sets: string, packet: Packet): ReadonlySet<string> =>
  endsOfAll((chance) => new Walker(text, sets, packet, chance).walk()).ends
