import { numberOf } from '../names.ts'
import type { Flow, Step, Table, Verdict } from '../program.ts'
import { isTracked } from '../tests.ts'
import { destinationsOf } from './destinations.ts'
import type { Option } from './words.ts'

/** They change or note something that no later rule asks for. */
export const PASSING: ReadonlySet<string> = new Set([
  ...['LOG', 'NFLOG', 'ULOG', 'TRACE', 'AUDIT', 'TCPMSS', 'TCPOPTSTRIP', 'TTL', 'HL', 'TOS', 'DSCP', 'ECN'],
  ...['CHECKSUM', 'CLASSIFY', 'SET', 'SECMARK', 'CONNSECMARK', 'IDLETIMER', 'LED', 'RATEEST', 'TEE'],
])

const verdict = (kind: Exclude<Verdict['kind'], 'reject' | 'jump' | 'goto' | 'dnat'>): Step => ({
  kind: 'verdict',
  verdict: { kind },
})

const change = (apply: (flow: Flow) => Flow): Step => ({ kind: 'change', change: apply })

/** What a rule does with the packets that match. Nothing: it only counts them. */
export function targetSteps(options: readonly Option[], table: Table): readonly Step[] {
  const target = options.find(({ name }) => name === '-j' || name === '-g')
  const name = target?.values[0]
  if (name === undefined) return []
  if (table.chains.has(name))
    return [{ kind: 'verdict', verdict: { kind: target?.name === '-g' ? 'goto' : 'jump', chain: name } }]
  if (PASSING.has(name)) return []
  const values = new Map(
    options.filter(({ match }) => match === 'target').map((one) => [one.name, one.values.join(' ')]),
  )
  return TARGETS[name]?.(values) ?? [verdict('unclear')]
}

type Values = ReadonlyMap<string, string>

const reject = (values: Values): readonly Step[] => {
  const how = values.get('--reject-with')
  if (how === 'tcp-reset') return [verdict('reset')]
  const words = { 4: how ?? 'icmp-port-unreachable', 6: how ?? 'icmp6-port-unreachable' }
  return [{ kind: 'verdict', verdict: { kind: 'reject', with: words } }]
}

const TARGETS: Readonly<Record<string, (values: Values) => readonly Step[] | null>> = {
  ACCEPT: () => [verdict('accept')],
  DROP: () => [verdict('drop')],
  RETURN: () => [verdict('return')],
  REJECT: reject,
  SNAT: () => [verdict('snat')],
  MASQUERADE: () => [verdict('snat')],
  DNAT: (values) => [
    { kind: 'verdict', verdict: { kind: 'dnat', to: destinationsOf(values.get('--to-destination') ?? '') } },
  ],
  REDIRECT: (values) => [
    {
      kind: 'verdict',
      verdict: { kind: 'dnat', to: destinationsOf(`here:${values.get('--to-ports') ?? ''}`) },
    },
  ],
  MARK: (values) => markSteps(values),
  CONNMARK: (values) => connmarkSteps(values),
  NOTRACK: () => [change(untracked)],
  CT: (values) => (values.has('--notrack') ? [change(untracked)] : zoneSteps(values)),
}

/** A packet that belongs to a connection keeps it. */
export const untracked = (flow: Flow): Flow => (flow.ct === 'none' ? { ...flow, ct: 'untracked' } : flow)

/** A packet that belongs to a connection keeps its zone. Null: not known. */
export const intoZone =
  (zone: number | null) =>
  (flow: Flow): Flow =>
    flow.ct === 'none' ? { ...flow, zone } : flow

/** A zone of one direction only, or one from the mark, is not followed. */
const zoneSteps = (values: Values): readonly Step[] =>
  values.has('--zone')
    ? [change(intoZone(numberOf(values.get('--zone') ?? '')))]
    : [...values.keys()].some((name) => name.startsWith('--zone'))
      ? [change(intoZone(null))]
      : []

const ALL_BITS = 0xffffffff

/** `value/mask`. Null for any other text. */
function masked(text: string | undefined): { readonly value: number; readonly mask: number } | null {
  const [value = null, mask = ALL_BITS] = (text ?? '').split('/').map(numberOf)
  return value === null || mask === null ? null : { value, mask }
}

type Change = (mark: number) => number

/** How MARK and CONNMARK write: clear the mask, then xor or or the value. Null: not understood. */
function written(values: Values): Change | null {
  for (const [option, text] of values) {
    const at = masked(text)
    if (at === null) continue
    if (option === '--set-xmark') return (mark) => ((mark & ~at.mask) ^ at.value) >>> 0
    if (option === '--set-mark') return (mark) => ((mark & ~at.mask) | at.value) >>> 0
    if (option === '--and-mark') return (mark) => (mark & at.value) >>> 0
    if (option === '--or-mark') return (mark) => (mark | at.value) >>> 0
    if (option === '--xor-mark') return (mark) => (mark ^ at.value) >>> 0
  }
  return null
}

const orUnknown = (mark: number | null, write: Change | null): number | null =>
  mark === null || write === null ? null : write(mark)

const markSteps = (values: Values): readonly Step[] => {
  const write = written(values)
  return [change((flow) => ({ ...flow, mark: orUnknown(flow.mark, write) }))]
}

const connmarkSteps = (values: Values): readonly Step[] => {
  const mask = (name: string): number => numberOf(values.get(name) ?? values.get('--mask') ?? '') ?? ALL_BITS
  const [nf, ct] = [mask('--nfmask'), mask('--ctmask')]
  const copied = (into: number | null, under: number, from: number | null, part: number): number | null =>
    from === null ? null : orUnknown(into, (mark) => ((mark & ~under) ^ (from & part)) >>> 0)
  const write = written(values)
  return [
    change((flow) => {
      if (isTracked(flow) !== true) return flow
      const { mark, ctMark } = flow
      if (values.has('--save-mark')) return { ...flow, ctMark: copied(ctMark, ct, mark, nf) }
      if (values.has('--restore-mark')) return { ...flow, mark: copied(mark, nf, ctMark, ct) }
      return { ...flow, ctMark: orUnknown(ctMark, write) }
    }),
  ]
}
