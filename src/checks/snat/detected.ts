import type { Evidence } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Text } from '../../model/language.ts'
import type { NetDetection, Snapshot } from '../../model/snapshot.ts'
import type { Paths } from '../../path/index.ts'
import { filled } from '../../text/index.ts'
import { type Draft, findingTarget, type PoolTarget } from '../check.ts'
import { doubtTexts } from '../doubts.ts'
import { aboutSeveral, membersText, withHitsIn } from '../several.ts'
import { backendsOf, hitsOf, idsOf } from './backends.ts'
import { TEXTS } from './texts.ts'

// What packets met that somebody asked to send (`--probe-network`, platform facts F9). They are ICMP, so they prove routes,
// and nothing about a port.

const REACHED = 0
const NO_ROUTE = -1

const allAt = ({ detections = {} }: Snapshot, ip: string): readonly NetDetection[] =>
  known(detections[ip]) ?? []

/** The detection that says most: one that got through, else the first. Null if nobody asked. */
export const detectedAt = (snapshot: Snapshot, ip: string): NetDetection | null => {
  const all = allAt(snapshot, ip)
  return all.find(({ state }) => state === REACHED) ?? all[0] ?? null
}

/** The way there and back is open, whatever route tables say. */
export const isReached = (snapshot: Snapshot, { target }: PoolTarget): boolean =>
  detectedAt(snapshot, target.ip)?.state === REACHED

export const evidenceOf = (snapshot: Snapshot, ip: string): readonly Evidence[] =>
  allAt(snapshot, ip).map(({ state, delayMs, lossPercent, subnetId, via }) => ({
    source: 'vpc:CheckNetDetectState',
    fact: `${subnetId} → ${via.type} ${via.id} → ${ip}`,
    value: { State: state, Delay: delayMs, PacketLossRate: lossPercent },
  }))

const STATES: Readonly<Record<string, Text>> = {
  [REACHED]: TEXTS.detected.reached,
  [NO_ROUTE]: TEXTS.detected.noRoute,
  '-2': TEXTS.detected.aclOut,
  '-3': TEXTS.detected.aclIn,
}

/** One sentence. */
export const detectedText = ({ state, delayMs, lossPercent, subnetId }: NetDetection): Text =>
  filled(STATES[state] ?? TEXTS.detected.noAnswer, {
    subnet: subnetId,
    delay: delayMs ?? '?',
    loss: lossPercent ?? '?',
  })

/** Dead backends to which the VPC has no route, though no table that was read lacks one. */
export function undetectedRoutes(remote: readonly PoolTarget[], { snapshot }: Paths): readonly Draft[] {
  const hits = remote.filter(
    ({ target }) =>
      target.status === 'Dead' &&
      detectedAt(snapshot, target.ip)?.state === NO_ROUTE &&
      target.ccnRoundTrips.every(({ out, back }) => out.verdict !== 'block' && back.verdict !== 'block'),
  )
  const alike = groupBy(hits, ({ target }) => detectedAt(snapshot, target.ip)?.via.id ?? '')
  return [...alike].map(([via, own]) =>
    aboutSeveral(
      backendsOf(own),
      idsOf,
      (backends) => routeDraft(via, hitsOf(backends), snapshot),
      withHitsIn,
    ),
  )
}

function routeDraft(via: string, hits: readonly PoolTarget[], snapshot: Snapshot): Draft {
  const ips = [...new Set(hits.map(({ target }) => target.ip))]
  const [first = ''] = ips
  const detected = detectedAt(snapshot, first)
  return {
    code: 'snat/detected-no-route',
    subject: `${via}#${first}`,
    rule: via,
    predicts: 'dead',
    targets: hits.map(findingTarget),
    certainty: 'likely',
    role: 'risk',
    severity: 'high',
    order: 0,
    resources: [{ type: detected?.via.type === 'CCN' ? 'ccn' : 'gateway', id: via, region: snapshot.region }],
    params: {
      via,
      subnet: detected?.subnetId ?? '',
      count: ips.length,
      targets: ips,
      list: membersText(ips),
    },
    doubts: doubtTexts(['routed']),
    evidence: ips.flatMap((ip) => evidenceOf(snapshot, ip)),
    fix: { kind: 'advice' },
  }
}
