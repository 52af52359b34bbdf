import { runChecks } from '../../src/checks/index.ts'
import { buildDiagnosis } from '../../src/diagnosis/index.ts'
import type { FilterRule } from '../../src/filter/index.ts'
import type {
  GuestCheck,
  GuestEvaluation,
  GuestFacts,
  GuestPart,
  GuestReason,
} from '../../src/guest/index.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import type { GuestReport } from '../../src/model/guest.ts'
import type { Language } from '../../src/model/language.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { evaluatePaths, type Paths } from '../../src/path/index.ts'
import {
  type AddressSet,
  emptySet,
  everything,
  parseAddresses,
  subtract,
  unionOf,
} from '../../src/rules/index.ts'
import { PLAIN_READER, snapshotOf, type World } from './snapshots.ts'

// Machines that somebody looked into, with what the evaluation of guest/ says about them written by hand.

export const addresses = (...cidrs: readonly string[]): AddressSet => {
  const sets = cidrs.flatMap((cidr) => parseAddresses(cidr) ?? [])
  return unionOf(sets[0]?.family ?? 4, sets)
}

export const facts = (fields: Partial<GuestFacts> = {}): GuestFacts => ({
  isComplete: true,
  script: null,
  target: null,
  notSeen: [],
  listening: [],
  connections: [],
  requests: [],
  devices: [],
  sysctls: {},
  routes: '',
  policies: '',
  filters: [],
  xfrm: [],
  queues: [],
  neighbours: [],
  pruned: [],
  conntrack: null,
  counters: [],
  ipvs: '',
  ...fields,
})

export const filterRule = (fields: Partial<FilterRule> = {}): FilterRule => ({
  layer: 'iptables',
  table: 'filter',
  chain: 'INPUT',
  index: 3,
  text: '-s 100.64.0.0/10 -j DROP',
  packets: 12,
  sources: addresses('100.64.0.0/10'),
  isOfPort: false,
  ...fields,
})

type Given = Partial<Omit<GuestReason, 'sources'>> & Pick<GuestReason, 'code'>

/** A reason that stops these sources, by default every source of the target's probes. */
export interface HandReason extends Given {
  readonly stops?: readonly string[]
}

/** What a machine says about one check. */
export interface Inside {
  readonly reasons?: readonly HandReason[]
  readonly parts?: readonly (Omit<GuestPart, 'sources'> & { readonly sources: readonly string[] })[]
  readonly facts?: Partial<GuestFacts>
  readonly connected?: readonly string[]
  readonly halfOpen?: readonly string[]
  readonly notSeen?: GuestEvaluation['notSeen']
  /** When it was looked at. */
  readonly at?: string
}

export const AT = '2026-11-20T00:00:00.000Z'

const reportOf = (ip: string, at: string): GuestReport => ({
  kind: 'probe',
  text: ip,
  by: 'hand',
  at,
  instanceId: null,
})

const STAGES = {
  'guest-port': 'listener',
  'guest-http': 'application',
} as const

function reasonOf({ stops, ...given }: HandReason, sources: AddressSet): GuestReason {
  const [check = ''] = given.code.split('/')
  return {
    stage: check === 'guest-port' || check === 'guest-http' ? STAGES[check] : 'guest-firewall',
    sources: stops ? addresses(...stops) : sources,
    outcome: 'timeout',
    certainty: 'certain',
    decidedBy: given.rule
      ? `iptables ${given.rule.table} ${given.rule.chain}: ${given.rule.text}`
      : given.code,
    rule: null,
    params: {},
    evidence: [],
    ...given,
  }
}

/** The parts follow from the reasons: what no reason stops is answered. */
function evaluationOf(inside: Inside, check: GuestCheck, sources: AddressSet): GuestEvaluation {
  const { connected = [], halfOpen = [], notSeen = [] } = inside
  const reasons = (inside.reasons ?? []).map((reason) => reasonOf(reason, sources))
  const parts: GuestPart[] = (inside.parts ?? []).map((part) => ({
    ...part,
    sources: addresses(...part.sources),
  }))
  let left = sources
  for (const { sources: own } of parts) left = subtract(left, own)
  for (const reason of inside.parts ? [] : reasons) {
    const { outcome, stage, decidedBy, code } = reason
    parts.push({ sources: reason.sources, outcome, stage, decidedBy, code })
    left = subtract(left, reason.sources)
  }
  if (left.borders.length > 0)
    parts.push({ sources: left, outcome: 'ok', stage: null, decidedBy: null, code: null })
  const none = emptySet(check.ip.includes(':') ? 6 : 4)
  return {
    facts: facts(inside.facts),
    parts,
    reasons,
    seen: {
      connected: connected.length > 0 ? addresses(...connected) : none,
      halfOpen: halfOpen.length > 0 ? addresses(...halfOpen) : none,
    },
    notSeen,
    isOfNode: false,
    sentOn: [],
  }
}

export interface LookedWorld extends World {
  /** By the last part of 10.0.1.x. */
  readonly inside: Readonly<Record<number, Inside>>
}

export function pathsOf(world: LookedWorld): Paths {
  const snapshot = snapshotOf(world)
  const guests = Object.fromEntries(
    Object.entries(world.inside).flatMap(([host, { at = AT }]) => {
      const ip = `10.0.1.${host}`
      const ports = new Set(registeredPorts(snapshot, ip))
      return [...ports].map((port) => [`${ip}:${port}`, ok(reportOf(host, at))])
    }),
  )
  return evaluatePaths({ ...snapshot, guests }, (report, check, sources) => {
    const own = world.inside[Number(report.kind === 'probe' ? report.text : '')]
    return own ? evaluationOf(own, check, sources) : null
  })
}

const registeredPorts = ({ registrations }: Snapshot, ip: string): readonly number[] =>
  registrations.state === 'ok'
    ? registrations.value.filter((one) => one.ip === ip).map(({ port }) => port)
    : []

export function lookedInto(world: LookedWorld, language: Language = 'en'): Diagnosis {
  const paths = pathsOf(world)
  return buildDiagnosis(paths, runChecks(paths), {
    id: 'dx-0000000000000000',
    createdAt: '2026-11-20T00:00:01.000Z',
    language,
    trigger: { source: 'cli', alarm: null },
    stats: { ...paths.snapshot.cost, durationMs: 120 },
    ...PLAIN_READER,
  })
}

export const EVERYTHING = everything(4)
