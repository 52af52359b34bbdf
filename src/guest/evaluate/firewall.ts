import { type FilterLayer, type FilterPart, type FilterRule, packetsOf } from '../../filter/index.ts'
import type { FindingCode } from '../../model/diagnosis.ts'
import type { GuestOutcome } from '../../model/guest.ts'
import { type AddressSet, contains, isEmpty, PROBER_RANGES, unionOf } from '../../rules/index.ts'
import type { GuestReason, GuestStage } from '../evaluation.ts'
import type { NotSeen } from '../facts.ts'
import { isOncePerInterval, secondsOf } from './counters.ts'
import type { Given } from './given.ts'
import { kubeProxyReason, ownerOf, vpnOf } from './owners.ts'
import { isPing, protocolOf, reasonOf, ruleText } from './reasons.ts'
import { ANY_REFUSAL, inDoubt, NOTHING, stoppedBy, type Verdicts } from './stops.ts'

// What the packet filters decided, as outcomes and reasons.

/** `all`: the sources of all probes. */
export function firewall(part: FilterPart, all: AddressSet, given: Given): Verdicts {
  switch (part.verdict) {
    case 'pass':
      return NOTHING
    case 'unknown':
      return unknown(part, given)
    default: {
      const outcome = outcomeOf(part, part.verdict, given)
      return outcome === 'ok'
        ? NOTHING
        : stoppedBy(stopping(part, all, { verdict: part.verdict, outcome }, given))
    }
  }
}

type Stopping = Exclude<FilterPart['verdict'], 'pass' | 'unknown'>

/** What a prober meets. An error about a reply goes to the machine itself, so the prober hears nothing. */
function outcomeOf(
  { leg, rejectWith }: FilterPart,
  verdict: Stopping,
  { check, facts }: Given,
): GuestOutcome {
  if (leg === 'data') {
    if (check.kind === 'tcp' || check.kind === 'udp' || isPing(check)) return 'ok'
    return verdict === 'reset' ? 'wrong-answer' : 'http-timeout'
  }
  if (verdict === 'drop' || leg === 'reply') return 'timeout'
  if (verdict === 'reset') return protocolOf(check, facts) === 'tcp' && !isPing(check) ? 'refused' : 'timeout'
  return isPortUnreachable(rejectWith) && !isPing(check) ? 'refused' : 'rejected'
}

/** A connection ends with "Connection refused" for these, and with "No route to host" for the others. */
const isPortUnreachable = (rejectWith: string | null): boolean =>
  rejectWith === null || /port-unreach/.test(rejectWith)

function stopping(
  part: FilterPart,
  all: AddressSet,
  { verdict, outcome }: { readonly verdict: Stopping; readonly outcome: Exclude<GuestOutcome, 'ok'> },
  given: Given,
): GuestReason {
  const { sources, by, leg } = part
  const code = codeOf(part, verdict, given)
  const seconds = secondsOf(given.facts)
  const counted = by === null ? [] : given.filters.map((sample) => packetsOf(sample, by))
  const moved = movedIn(counted)
  const vpn = by === null ? null : vpnOf(by)
  const owner = by === null ? null : ownerOf(by)
  const isExact = moved !== null && moved > 0 && by !== null && matchesOnlyProbes(by, all)
  return reasonOf(given, {
    code,
    stage: stageOf(code, leg),
    sources,
    outcome,
    certainty: isExact ? 'certain' : 'likely',
    isMoving: isOncePerInterval(counted, given.facts, given.check),
    decidedBy: by === null ? `packet filter: ${verdict}` : ruleText(by),
    rule: by,
    params: {
      ...(leg === null ? {} : { leg }),
      ...(vpn === null ? {} : { vpn }),
      ...(owner === null ? {} : { owner }),
      ...(moved === null || seconds === null ? {} : { moved, seconds }),
    },
    evidence: [
      ...(by === null ? [] : [{ fact: 'rule', value: ruleText(by) }]),
      ...(by?.packets == null ? [] : [{ fact: 'packets', value: by.packets }]),
      ...(moved === null ? [] : [{ fact: 'packets-between-samples', value: moved }]),
    ],
  })
}

/** The packets from the first sample to the last. Null if they are not known for both. */
function movedIn(counted: readonly (number | null)[]): number | null {
  const [before = null, after = null] = [counted[0], counted.at(-1)]
  return counted.length < 2 || before === null || after === null ? null : after - before
}

/** True if the rule can match no other source than probers. */
function isOfProbers({ sources }: FilterRule, all: AddressSet): boolean {
  const ranges = unionOf(sources.family, [...PROBER_RANGES, all])
  return !isEmpty(sources) && contains(ranges, sources)
}

const matchesOnlyProbes = (rule: FilterRule, all: AddressSet): boolean =>
  rule.isOfPort && isOfProbers(rule, all)

/** Do kube-proxy's own rules stop it, because no pod is behind the port? */
export const isOfKubeProxy = ({ by, verdict }: FilterPart): boolean =>
  by !== null && verdict !== 'pass' && verdict !== 'unknown' && kubeProxyReason(by, verdict) !== null

/** What kube-proxy says in place of a socket. */
const OF_LISTENER: ReadonlySet<FindingCode> = new Set([
  'tke-pod/no-endpoints',
  'tke-node/local-policy-no-pod',
])

const stageOf = (code: FindingCode, leg: FilterPart['leg']): GuestStage =>
  OF_LISTENER.has(code) ? 'listener' : leg === 'data' ? 'application' : 'guest-firewall'

function codeOf({ by, isForwarded }: FilterPart, verdict: Stopping, { check }: Given): FindingCode {
  if (isPing(check)) return 'guest-icmp/icmp-dropped'
  const kube = by === null ? null : kubeProxyReason(by, verdict)
  if (kube === 'no-endpoints') return 'tke-pod/no-endpoints'
  if (kube === 'local-policy-no-pod') return 'tke-node/local-policy-no-pod'
  if (isForwarded && by !== null && isOfForward(by))
    return by.index === null
      ? 'guest-forwarding/forward-policy-drop'
      : 'guest-forwarding/forward-foreign-rule'
  return verdict === 'drop' ? 'guest-firewall/probe-dropped' : 'guest-firewall/probe-rejected'
}

/** Packets that the machine sends on meet the tables raw and mangle and the chains of PREROUTING, too. */
const isOfForward = ({ table, chain }: FilterRule): boolean =>
  !/^(?:raw|mangle|nat)$/.test(table) && !/prerouting|ingress/i.test(chain)

/** A rule that limits how many packets get through. */
const LIMITING = /\blimit\b|\bhashlimit\b|\brecent\b/

function unknown({ sources, by, leg, unclear, verdict: _ }: FilterPart, given: Given): Verdicts {
  const { check } = given
  const isOfData = leg === 'data'
  if (isOfData && (check.kind === 'tcp' || check.kind === 'udp' || isPing(check))) return NOTHING
  const texts = unclear.length > 0 ? unclear : by === null ? [] : [ruleText(by)]
  const isLimited = isPing(check) && texts.some((text) => LIMITING.test(text))
  // A layer that was not read stands in the facts already.
  const rules = texts.filter((text) => !LAYERS.has(text))
  const notSeen = rules.map(
    (what): NotSeen => ({ layer: by?.layer ?? layerIn(what), why: 'not-understood', what }),
  )
  const doubt = inDoubt({
    sources,
    stage: isOfData ? 'application' : 'guest-firewall',
    decidedBy: rules[0] ?? null,
    code: isLimited ? 'guest-icmp/rate-limited' : null,
    could: isOfData ? ['http-timeout', 'wrong-answer'] : couldOf(by),
    notSeen,
  })
  return isLimited ? { ...doubt, reasons: [limiting(sources, by, texts[0] ?? '', given)] } : doubt
}

const limiting = (sources: AddressSet, by: FilterRule | null, text: string, given: Given): GuestReason =>
  reasonOf(given, {
    code: 'guest-icmp/rate-limited',
    stage: 'guest-firewall',
    sources,
    outcome: 'unknown',
    certainty: 'possible',
    decidedBy: text,
    rule: by,
    evidence: [{ fact: 'rule', value: text }],
  })

const LAYERS: ReadonlySet<string> = new Set([
  'iptables',
  'iptablesLegacy',
  'ip6tables',
  'ip6tablesLegacy',
  'nft',
  'ipset',
] satisfies readonly FilterLayer[])

const layerIn = (text: string): NotSeen['layer'] => (/^nft\b/.test(text) ? 'nft' : 'iptables')

/** A rule that drops or accepts can only mean silence. */
const couldOf = (by: FilterRule | null): readonly GuestOutcome[] =>
  by !== null && /-j DROP\b|\bdrop\b/.test(by.text) ? ['timeout'] : ANY_REFUSAL
