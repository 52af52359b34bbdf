import { SOURCE_NAMES } from '../../checks/index.ts'
import { type NotSeen, scriptCommand } from '../../guest/index.ts'
import type { HopStage, UnknownHop } from '../../model/diagnosis.ts'
import type { ReadFailure } from '../../model/fact.ts'
import type { Language, Text } from '../../model/language.ts'
import type { Hop, HopNote, OriginVerdict, Paths } from '../../path/index.ts'
import { listed, type Params, semicolons, t } from '../../text/index.ts'
import { problemText, subjectOf } from '../gaps/failures.ts'
import { ruleName, unclearRule } from './rules.ts'
import { TEXTS } from './texts.ts'
import type { Unknown } from './thing.ts'

export type { Unknown }

/** The CLB, for use within a text. */
export interface Named {
  readonly clb: string
  readonly region: string
  readonly language: Language
}

export const namedIn = ({ snapshot }: Paths, language: Language): Named => ({
  clb: snapshot.loadBalancerId,
  region: snapshot.region,
  language,
})

/** Notes on these depend on the target's address. Other notes hold for every target that shares the hop. */
const OF_ADDRESS: ReadonlySet<HopNote['code']> = new Set([
  'owner-unknown',
  'no-groups',
  'outside-vpc',
  'node-unknown',
  'type-unknown',
  'guest-unread',
  'guest-unclear',
  'guest-observed',
  'guest-first-port',
])

export const isOfAddress = ({ verdict, notes }: Hop): boolean =>
  verdict === 'unknown' && notes.some(({ code }) => OF_ADDRESS.has(code))

/** Everything that leaves the hop open. Empty if it is decided, and for what is inside the machine. */
export function unknownsOf(hop: Hop, ip: string, named: Named): readonly Unknown[] {
  if (hop.verdict !== 'unknown') return []
  const found = hop.notes.flatMap((note) => thingsOf(note, hop.stage, ip, named))
  const decisive = hop.notes.some(({ code }) => code === 'order-matters') && found.length === 0
  return decisive ? [plain('order-matters', {}, named.language)] : found
}

/** At most so many things stand in the view of a hop. */
const MOST = 2

/** All that leaves a hop open, in one. Null if the hop is decided. */
export function unknownHop(hop: Hop, ip: string, named: Named): UnknownHop | null {
  if (hop.verdict !== 'unknown') return null
  const { language } = named
  const found = unknownsOf(hop, ip, named)
  if (found.length === 0) return guest(named)
  const joined = (of: (thing: Unknown) => string | null): string => {
    const texts = [...new Set(found.flatMap((thing) => of(thing) ?? []))]
    const rest = texts.length > MOST ? [t(TEXTS.more, { count: texts.length - MOST }, language)] : []
    return semicolons([...texts.slice(0, MOST), ...rest], language)
  }
  return {
    subject: joined(({ subject }) => subject),
    reason: joined(({ reason }) => reason),
    settle: joined(({ settle }) => settle) || null,
    ...(hop.notes.some(isInside) ? { looked: true } : {}),
  }
}

const isInside = ({ code }: HopNote): boolean => INSIDE.includes(code)
const INSIDE: readonly HopNote['code'][] = [
  'guest-unread',
  'guest-unclear',
  'guest-observed',
  'guest-first-port',
]

/** Backends share hops, so a placeholder stands for the backend. */
const guest = ({ clb, region, language }: Named): UnknownHop => ({
  subject: TEXTS.guest.subject[language],
  reason: TEXTS.guest.reason[language],
  settle: scriptCommand({ loadBalancerId: clb, region, target: TEXTS.guest.target[language] }),
})

type Thing = keyof typeof TEXTS.things

function plain(code: Thing, params: Params, language: Language): Unknown {
  const { subject, reason, settle } = TEXTS.things[code]
  const filled = { ip: '', id: '', type: '', service: '', ...params }
  return {
    subject: t(subject, filled, language),
    reason: t(reason, filled, language),
    settle: t(settle, filled, language),
    hasOwnGap: code === 'outside-vpc',
  }
}

function thingsOf(note: HopNote, stage: HopStage, ip: string, named: Named): readonly Unknown[] {
  const { language } = named
  switch (note.code) {
    case 'unread':
      return note.failures.map((failure) => unreadThing(failure, language))
    case 'owner-unknown':
    case 'address-unknown':
    case 'no-groups':
    case 'outside-vpc':
    case 'node-unknown':
    case 'check-unknown':
    case 'protocol-unknown':
      return [plain(note.code, { ip }, language)]
    case 'service-groups':
      return [plain(note.code, { service: note.service }, language)]
    case 'type-unknown':
      return [plain(note.code, { ip, type: note.type }, language)]
    case 'not-found':
      return [plain(note.code, { id: note.id }, language)]
    case 'bypass-unknown':
    case 'same-subnet-unknown':
      return [crossing(note, stage, named)]
    case 'source-unknown':
    case 'source-disagrees':
      return [source(note, stage, named)]
    case 'guest-unread':
      return [
        inside(
          TEXTS.guest.unread,
          [...new Set(note.unread.map((one) => notSeenText(one, language)))],
          ip,
          language,
        ),
      ]
    case 'guest-observed':
      return [observed(note, ip, language)]
    case 'guest-first-port':
      return [
        {
          ...inside(TEXTS.guest.firstPort.reason, [String(note.port ?? '-')], ip, language),
          settle: TEXTS.guest.firstPort.settle[language],
        },
      ]
    case 'guest-unclear':
      return [inside(note.by.length > 0 ? TEXTS.guest.unclear : TEXTS.guest.nothing, note.by, ip, language)]
    case 'rule-unclear':
      return note.rules.map((rule) => unclearRule(rule, note, stage, language))
    default:
      return []
  }
}

/** What could not be read on a machine, and why. */
export const notSeenText = ({ what, why }: NotSeen, language: Language): string =>
  t(TEXTS.guest.why[why], { what }, language)

type ObservedNote = Extract<HopNote, { code: 'guest-observed' }>

/** What connections with probes show on a machine. */
export const observedText = ({ observed: { kind, peers } }: ObservedNote, language: Language): string =>
  t(TEXTS.guest.observed[kind].reason, { peers: some(peers, language) }, language)

function observed(note: ObservedNote, ip: string, language: Language): Unknown {
  const { kind, peers } = note.observed
  const params = { peer: peers[0] ?? '', port: note.port ?? '' }
  return {
    subject: t(TEXTS.guest.looked, { ip }, language),
    reason: observedText(note, language),
    settle: t(TEXTS.guest.observed[kind].settle, params, language),
    hasOwnGap: true,
  }
}

const MOST_PEERS = 3

function some(peers: readonly string[], language: Language): string {
  const rest = peers.length - MOST_PEERS
  const more = rest > 0 ? [t(TEXTS.more, { count: rest }, language)] : []
  return listed([...peers.slice(0, MOST_PEERS), ...more], language)
}

/** Something inside a machine is open, although somebody looked. The gap of its backend names it. */
const inside = (reason: Text, what: readonly string[], ip: string, language: Language): Unknown => ({
  subject: t(TEXTS.guest.looked, { ip }, language),
  reason: t(reason, { what }, language),
  settle: TEXTS.guest.again[language],
  hasOwnGap: true,
})

function unreadThing(failure: ReadFailure, language: Language): Unknown {
  const { problem, action } = failure
  const isDenied = problem === 'denied'
  const lasts = problem === 'not-found' || problem === 'malformed' || problem === 'rejected'
  const settle = isDenied ? TEXTS.unread.permission : lasts ? TEXTS.unread.console : TEXTS.unread.again
  return {
    subject: subjectOf(action, language),
    reason: problemText(failure, language),
    settle: t(settle, { action }, language),
    hasOwnGap: true,
    ...(isDenied ? { grant: action } : {}),
  }
}

/** It is not known whether the probes meet these rules at all. */
function crossing(
  note: Extract<HopNote, { code: 'bypass-unknown' | 'same-subnet-unknown' }>,
  stage: HopStage,
  { clb, language }: Named,
): Unknown {
  const isBypass = note.code === 'bypass-unknown'
  const key = isBypass && note.snat ? 'snat' : 'unsaid'
  const { subject } = isBypass ? TEXTS.bypass : TEXTS.subnet
  const reason = (isBypass ? TEXTS.bypass[key] : TEXTS.subnet.reason)[language]
  const rule = note.by ? t(TEXTS.otherwise, { rule: ruleName(note.by, stage, language) }, language) : ''
  return {
    subject: t(subject, { clb }, language),
    reason: `${reason}${rule}`,
    settle: t(isBypass ? TEXTS.bypass.settle[key] : TEXTS.subnet.settle, { clb }, language),
    hasOwnGap: false,
  }
}

/** The rules treat the possible sources differently. */
function source(
  note: Extract<HopNote, { code: 'source-unknown' | 'source-disagrees' }>,
  stage: HopStage,
  { clb, language }: Named,
): Unknown {
  const { protocol, port, endPort } = note
  const ports = endPort == null ? `port ${port}` : `portrange ${port}-${endPort}`
  const filter = port === null ? protocol.replace('icmpv6', 'icmp6') : `${protocol} dst ${ports}`
  const vias = note.code === 'source-disagrees' ? note.verdicts.map(({ via }) => via) : []
  const isSetting = vias.includes('vip') && vias.includes('100.64')
  const why = note.code === 'source-unknown' ? t(TEXTS.source.why[note.why], { clb }, language) : ''
  const reason =
    note.code === 'source-unknown'
      ? t(TEXTS.source.part, { why }, language)
      : t(TEXTS.source.may, { origins: originsText(note.verdicts, stage, language) }, language)
  return {
    subject: TEXTS.source.subject[language],
    reason,
    settle: isSetting ? TEXTS.source.settle[language] : t(TEXTS.source.capture, { filter }, language),
    hasOwnGap: false,
  }
}

const originsText = (verdicts: readonly OriginVerdict[], stage: HopStage, language: Language): string =>
  listed(
    verdicts.map(({ via, verdict, by }) => {
      const word = TEXTS.verdicts[verdict][language]
      const rule = by ? ruleName(by, stage, language) : null
      return t(
        TEXTS.source.origin,
        {
          via: SOURCE_NAMES[via],
          verdict: rule === null ? word : t(TEXTS.source.by, { verdict: word, rule }, language),
        },
        language,
      )
    }),
    language,
  )
