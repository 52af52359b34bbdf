import { informsOnly } from '../model/actions.ts'
import {
  type Change,
  type Diagnosis,
  type Evidence,
  type Finding,
  type Gap,
  isCause,
  isExpectedCause,
  isReason,
  type Pool,
  type TargetStatus,
} from '../model/diagnosis.ts'
import { poolName } from '../model/endpoint.ts'
import type { Language, Text } from '../model/language.ts'
import { lengthOf, timeFor } from '../text/time.ts'
import { type Backends, indexBackends } from './backends.ts'
import { CERTAINTIES, colon, fill, ROLES, SOURCES, TITLES, VERDICTS, type Word } from './messages.ts'

/** One finding as every renderer shows it. */
export interface Item {
  readonly finding: Finding
  /** `原因（确定）`, `Cause (certain)`. */
  readonly lead: string
  /** Addresses of the Dead backends it explains. */
  readonly explains: readonly string[]
  /** Addresses of healthy backends that speak against it. */
  readonly against: readonly string[]
  /** Addresses of healthy backends in the pools of those it explains. */
  readonly controls: readonly string[]
  /** What was changed before the trouble began, the newest first: action, actor, address, time. */
  readonly changes: readonly string[]
}

/** Of a finding's changes, those nearest to the trouble. */
export const MOST_CHANGES = 3

/** What a Diagnosis says, in the order in which it is said; layouts differ, content does not. */
export interface View {
  readonly language: Language
  readonly verdict: string
  /** `shop-front (lb-7dpmqwcu)` */
  readonly name: string
  /** `lb-7dpmqwcu · ap-guangzhou · 203.0.113.26` */
  readonly where: string
  readonly alarm: string | null
  readonly headline: string
  readonly causes: readonly Item[]
  /** Contributors, risks, notes. */
  readonly others: readonly Item[]
  /** Those of them that would be causes, had nobody accepted them; they come first. */
  readonly accepted: readonly Item[]
  readonly counts: readonly string[]
  readonly traffic: readonly string[]
  readonly gaps: readonly Gap[]
  /** Where some backend is Dead and no cause was found: why not. */
  readonly unexplained: string | null
}

export function viewOf(diagnosis: Diagnosis): View {
  const language = diagnosis.language ?? 'zh-CN'
  const clb = diagnosis.loadBalancer
  const named = namedBy(diagnosis.trigger.alarm)
  const backends = indexBackends(diagnosis.pools)
  const items = diagnosis.findings.map((finding) => itemOf(finding, diagnosis, backends, language))
  const causes = items.filter(({ finding }) => isCause(finding))
  const accepted = items.filter(isExpected)
  return {
    language,
    verdict: titleOf(diagnosis)[language],
    name: clb ? (clb.name ? `${clb.name} (${clb.id})` : clb.id) : (named[0] ?? fill('unknownClb', language)),
    where: (clb ? [clb.id, clb.region, ...clb.vips] : named).filter((part) => part !== '').join(' · '),
    alarm: alarmLine(diagnosis, language),
    headline: diagnosis.headline,
    causes,
    others: [...accepted, ...items.filter((item) => !isCause(item.finding) && !isExpected(item))],
    accepted,
    counts: diagnosis.pools.map((pool) => countsLine(pool, language)),
    traffic: trafficOf(diagnosis, language),
    // Where nothing was read, the headline has said why.
    gaps: diagnosis.gaps.filter(({ why }) => why !== diagnosis.headline),
    unexplained: unexplainedOf(diagnosis, language),
  }
}

const isExpected = ({ finding }: Item): boolean => isExpectedCause(finding)

/** The verdict in a word; where nothing is served, or one listener of several is down, that is the word. */
function titleOf({ verdict, findings, pools }: Diagnosis): Text {
  const stopped = stoppedListeners(findings)
  const isIdle =
    isFound(findings, NOT_SERVING) ||
    (pools.length > 0 && pools.every(({ listenerId }) => stopped.has(listenerId)))
  if (isIdle) return TITLES.notServing
  const isPartly =
    verdict === 'down' && pools.some(({ fallback, targets }) => !fallback && targets.length > 0)
  return isPartly ? TITLES.partlyDown : VERDICTS[verdict]
}

/** What an alarm says of a CLB that was not found: its VIP, VPC and region. */
const namedBy = (alarm: Diagnosis['trigger']['alarm']): readonly string[] =>
  alarm ? [alarm.clb.vip, alarm.clb.vpcId, alarm.region].filter((part) => part !== null) : []

function unexplainedOf({ findings, gaps, pools }: Diagnosis, language: Language): string | null {
  if (findings.some(isReason) || !pools.some(({ counts }) => counts.dead > 0)) return null
  const isUnread = ({ action = '', errorCode }: Gap): boolean =>
    errorCode !== undefined && !informsOnly(action)
  return fill(gaps.some(isUnread) ? 'noCauseYet' : 'noCause', language)
}

function itemOf(finding: Finding, { changes }: Diagnosis, backends: Backends, language: Language): Item {
  const certainty = CERTAINTIES[finding.certainty][language]
  const role = finding.accepted ? fill('accepted', language) : ROLES[finding.role][language]
  return {
    finding,
    lead: language === 'en' ? `${role} (${certainty})` : `${role}（${certainty}）`,
    explains: backends.addressesOf(finding.explains),
    against: backends.addressesOf(finding.contradictedBy),
    controls: backends.healthyBeside(finding.explains),
    // A finding that is about a change has said so itself.
    changes: finding.code.startsWith('recent-change/')
      ? []
      : (finding.changes ?? [])
          .flatMap((i) => changes[i] ?? [])
          .map((change) => changeLine(change, language)),
  }
}

/** `Changed 12 minutes before: ModifySecurityGroupPolicies on sg-web by alice from 198.51.100.7 at …` */
function changeLine(change: Change, language: Language): string {
  const { event, resource, actor, sourceIp, at, secondsBeforeOnset } = change
  const who = actor === undefined ? '' : fill('changedBy', language, { actor })
  const where = sourceIp === undefined ? '' : fill('changedFrom', language, { sourceIp })
  const rule = resource.ruleIndex ?? null
  const what = rule === null ? resource.id : `${resource.id} #${rule}`
  const ago = typeof secondsBeforeOnset === 'number' ? lengthOf(secondsBeforeOnset)[language] : null
  const said = fill('changed', language, { event, what, who, where, time: timeFor(at, language) })
  return `${ago === null ? fill('changedSome', language) : fill('changedBefore', language, { ago })}${colon(language)}${said}`
}

function alarmLine({ trigger, verdict }: Diagnosis, language: Language): string | null {
  const alarm = trigger.alarm
  if (!alarm) return null
  const isOver = verdict === 'healthy' && alarm.state === 'firing'
  const state = fill(alarm.state === 'resolved' ? 'recovered' : isOver ? 'fired' : 'firing', language)
  const since =
    alarm.firstOccurredAt === null
      ? []
      : [fill('since', language, { time: timeFor(alarm.firstOccurredAt, language) })]
  const line = [state, ...since].join(language === 'en' ? ', ' : '，')
  return isOver ? `${line}${fill('healthyNow', language)}` : line
}

function countsLine(pool: Pool, language: Language): string {
  const { total, alive, dead, unknown, off, zeroWeight } = pool.counts
  const rest = [
    unknown > 0 ? fill('unknownCount', language, { count: unknown }) : '',
    off > 0 ? fill('offCount', language, { count: off }) : '',
    zeroWeight > 0 ? fill('zeroCount', language, { count: zeroWeight }) : '',
  ].join('')
  return fill('counts', language, { pool: poolName(pool), total, alive, dead, rest })
}

/** Findings under which a whole CLB forwards nothing. */
export const NOT_SERVING = ['isolated', 'stopped', 'creating'].map(
  (reason) => `load-balancer-state/${reason}`,
)

export const isFound = (findings: readonly Pick<Finding, 'code'>[], codes: readonly string[]): boolean =>
  findings.some(({ code }) => codes.includes(code))

const stoppedListeners = (findings: readonly Finding[]): ReadonlySet<string> =>
  new Set(
    findings
      .filter(({ code }) => code === 'load-balancer-state/listener-stopped')
      .flatMap(({ resources }) => resources.map(({ id }) => id)),
  )

/** What CLB does with requests now, from what was found of it and from the statuses and weights of its backends. */
function trafficOf({ findings, pools }: Diagnosis, language: Language): readonly string[] {
  if (isFound(findings, NOT_SERVING)) return [fill('trafficNotServing', language)]
  const blocked = findings.find(({ code }) => code === 'load-balancer-state/vip-blocked')
  if (blocked)
    return [fill(blocked.certainty === 'certain' ? 'trafficVipBlocked' : 'trafficRestricted', language)]
  const stopped = stoppedListeners(findings)
  return pools
    .filter(({ targets }) => targets.length > 0)
    .map((pool) => {
      const [word, count] = stopped.has(pool.listenerId)
        ? (['trafficListenerStopped', 0] as const)
        : trafficWord(pool)
      return fill(word, language, { pool: poolName(pool), count })
    })
}

function trafficWord({ counts, fallback, targets }: Pool): readonly [Word, number] {
  const weighted = targets.filter(({ weight }) => weight > 0)
  const having = (...statuses: readonly TargetStatus[]): number =>
    weighted.filter(({ status }) => statuses.includes(status)).length
  // A weight that was not read is shown as 0 and not counted as one.
  const isWeightUnread = targets.length - weighted.length > counts.zeroWeight
  const isStatusUnread = weighted.some(
    ({ status, statusDetail }) => status === 'Unknown' && statusDetail !== undefined,
  )
  if (isWeightUnread || isStatusUnread) return ['trafficUnread', 0]
  if (fallback) return [counts.zeroWeight > 0 ? 'trafficFallbackExcept' : 'trafficFallback', weighted.length]
  if (weighted.length === 0) return ['trafficNone', 0]
  const [alive, off] = [having('Alive'), having('Close')]
  if (off === weighted.length) return ['trafficUnchecked', off]
  if (off > 0) return ['trafficSomeUnchecked', alive + off]
  if (alive > 0) return [alive < weighted.length ? 'trafficSome' : 'trafficAll', alive]
  return [having('Dead') > 0 ? 'trafficHalfPending' : 'trafficPending', having('Unknown')]
}

/** `probes from the VIP: 203.0.113.26/32`; an address range that is its own name is not said twice. */
export function probeLine({ probe }: Pool, most: number, language: Language): string {
  const source = SOURCES[probe.via][language]
  const list = some(probe.sources, most, language)
  const own = probe.sources.length === 0 || probe.sources.every((one) => source.includes(one))
  const name = `${fill('probe', language)}${/^\w/.test(source) ? ' ' : ''}${source}`
  return own ? name : `${name}${colon(language)}${list}`
}

/** At most `most` of a list, the rest counted. */
export function some(list: readonly string[], most: number, language: Language): string {
  const shown = list.slice(0, most).join(language === 'en' ? ', ' : '、')
  const rest = list.length - most
  if (rest <= 0) return shown
  return `${shown} ${fill('more', language, { count: language === 'en' ? rest : list.length })}`
}

/** `tccli …` lines and the like of a finding's fix, to be copied. */
export const commandsOf = ({ finding }: Item): readonly string[] =>
  (finding.fix?.commands ?? []).flatMap(({ tool, line }) => (tool === 'terraform' ? [] : line))

/** The same change as Terraform resources, line by line; for pages and tickets, too long for a chat. */
export const terraformOf = ({ finding }: Item): readonly string[] =>
  (finding.fix?.commands ?? []).flatMap(({ tool, line }) => (tool === 'terraform' ? line.split('\n') : []))

/** `cvm:DescribeInstances InstanceState → STOPPED`: which call said what. */
export function evidenceLine({ source, fact, value }: Evidence, language: Language): string {
  const shown = value === undefined ? '' : ` → ${valueText(value, language)}`
  return `${source} ${fact}${shown}`
}

function valueText(value: unknown, language: Language): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const parts = Array.isArray(value)
    ? value.map((one) => valueText(one, language))
    : Object.entries(value).map(([key, one]) => `${key} ${valueText(one, language)}`)
  return parts.length === 0 ? '[]' : some(parts, 8, language)
}

/** What to change, and whether that was proven. */
export function fixLine({ finding }: Item, language: Language): string | null {
  if (!finding.fix) return null
  const { summary, verified, commands } = finding.fix
  const proof = verified
    ? fill('verified', language)
    : commands?.some(({ tool }) => tool === 'tccli')
      ? fill('unverified', language)
      : ''
  if (proof === '') return summary
  return language === 'en' ? `${summary} (${proof})` : `${summary}（${proof}）`
}
