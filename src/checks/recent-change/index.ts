import type { Change, Evidence } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Language, Text } from '../../model/language.ts'
import { kept } from '../../model/memo.ts'
import { isRecent, isStamp, type Paths, RECENT_S, waypointsOf } from '../../path/index.ts'
import {
  filled,
  inEachLanguage,
  lengthOf,
  NOTHING,
  operationWords,
  type Params,
  semicolons,
  t,
} from '../../text/index.ts'
import {
  type Check,
  type CheckResult,
  type Draft,
  everyTarget,
  findingTarget,
  type PoolTarget,
} from '../check.ts'
import { doubtTexts } from '../doubts.ts'
import { isLoss, lostBy, lostOf, lostParams } from './lost.ts'
import { TEXTS } from './texts.ts'

const { reasons } = TEXTS

/**
 * Changes on the way to a Dead target shortly before it turned Dead. They are notes beside the causes, never causes. If
 * no target is Dead, only what took backends out before the alarm.
 */
export const recentChange: Check = { id: 'recent-change', reasons, run }

function run(paths: Paths): CheckResult {
  const { snapshot, balancer, changes } = paths
  const dead = everyTarget(paths).filter(({ target }) => target.status === 'Dead')
  if (dead.length === 0) {
    const drafts = snapshot.health.state === 'ok' ? takenOut(paths) : []
    if (drafts.length > 0) return { outcome: 'found', drafts }
    return snapshot.health.state === 'ok'
      ? { outcome: 'not-applicable', drafts }
      : { outcome: 'unknown', reason: 'health-unread', drafts }
  }
  const behind = new Map<string, PoolTarget[]>()
  for (const poolTarget of dead)
    for (const id of waypointsOf(snapshot, balancer, poolTarget.pool, poolTarget.target))
      kept(behind, id, () => []).push(poolTarget)
  const recent = changes.filter((change) => isRecent(change) && behind.has(change.resource.id))
  const byResource = groupBy(recent, ({ resource }) => resource.id)
  const drafts = [...byResource.values()].flatMap(
    (found) => draftOf(found, behind.get(found[0]?.resource.id ?? '') ?? [], paths) ?? [],
  )
  if (drafts.length > 0) return { outcome: 'found', drafts }
  const reason = whyNotKnown(paths, dead)
  return reason === null ? { outcome: 'pass', drafts } : { outcome: 'unknown', reason, drafts }
}

/** Fewer backends can raise an alarm, too, over healthy ones. Its time stands in for the beginning of the trouble. */
function takenOut(paths: Paths): readonly Draft[] {
  const { changes, snapshot } = paths
  const begun = Date.parse(snapshot.alarmedAt ?? '')
  const before = changes.flatMap((change): readonly Change[] => {
    const secondsBeforeOnset = Math.round((begun - Date.parse(change.at)) / 1000)
    const isBefore = secondsBeforeOnset >= 0 && secondsBeforeOnset <= RECENT_S
    return isBefore && isLoss(lostBy([change], paths)) ? [{ ...change, secondsBeforeOnset }] : []
  })
  const byResource = groupBy(before, ({ resource }) => resource.id)
  return [...byResource.values()].flatMap((found) => draftOf(found, [], paths) ?? [])
}

function draftOf(changes: readonly Change[], targets: readonly PoolTarget[], paths: Paths): Draft | null {
  const [newest] = changes
  if (!newest) return null
  const { resource } = newest
  const isInferred = changes.every(isStamp)
  const ago = lengthOf(newest.secondsBeforeOnset ?? 0)
  return {
    code: 'recent-change/before-onset',
    subject: resource.id,
    predicts: 'nothing',
    targets: targets.map(findingTarget),
    certainty: isInferred ? 'likely' : 'certain',
    role: 'note',
    severity: 'info',
    order: 0,
    resources: [resource],
    // A time stamp does not say who made the change, so it does not tell whether another is of the same kind.
    ...(isInferred ? {} : { alike: { by: operationsIn(changes), place: 'resource', own: ago, joint } }),
    params: {
      resource: resource.id,
      resources: 1,
      ago,
      changes: changesText(changes.slice(0, MOST_SHOWN)),
      count: targets.length,
      where: whereText(targets.length),
      ...lostParams(lostBy(changes, paths)),
    },
    doubts: doubtTexts(isInferred ? ['stamp'] : []),
    evidence: changes.slice(0, MOST_SHOWN).map(evidenceOf),
    fix: null,
  }
}

const whereText = (count: number): Text => (count > 0 ? filled(TEXTS.where, { count }) : NOTHING)

const MOST_SHOWN = 3

/** What was done, by whom, from where, and to what kind of resource. */
const operationsIn = (changes: readonly Change[]): string =>
  JSON.stringify(
    [
      ...new Set(
        changes.map(
          ({ event, actor, sourceIp, resource }) => `${event} ${actor} ${sourceIp} ${resource.type}`,
        ),
      ),
    ].sort(),
  )

/** The newest change comes first. A backend that is behind several of the resources counts once. */
function joint(drafts: readonly Draft[]): Params {
  const agos = drafts.flatMap(({ params }) => params.ago ?? [])
  const [from = NOTHING, to = NOTHING] = [agos[0], agos.at(-1)]
  const { size: count } = new Set(drafts.flatMap(({ targets }) => targets.map(({ target }) => target)))
  return {
    count,
    where: whereText(count),
    ...lostParams(lostOf(drafts)),
    ago: JSON.stringify(from) === JSON.stringify(to) ? from : filled(TEXTS.span, { from, to }),
  }
}

const changesText = (changes: readonly Change[]): Text =>
  inEachLanguage((language) =>
    semicolons(
      changes.map((change, i) => changeText(change, i === 0 ? 'first' : 'within', language)),
      language,
    ),
  )

/** Who, from which address, did what, and how long before. A rule's time stamp gives only the rule and the time. */
function changeText(change: Change, place: keyof typeof TEXTS.someone, language: Language): string {
  const { event, actor, sourceIp, secondsBeforeOnset, resource } = change
  const ago = lengthOf(secondsBeforeOnset ?? 0)
  const { id, type, ruleIndex } = resource
  if (typeof ruleIndex === 'number') {
    const counted = type === 'security-group' ? ruleIndex + 1 : ruleIndex
    return t(TEXTS.ruleChange[place], { id, place: counted, ago }, language)
  }
  const who = actor ?? TEXTS.someone[place][language]
  const from = sourceIp === undefined ? NOTHING : filled(TEXTS.from, { ip: sourceIp })
  return t(TEXTS.operation, { who, from, did: operationWords(event, language), ago }, language)
}

function evidenceOf(change: Change): Evidence {
  const { event, resource, at, actor = null, sourceIp = null } = change
  if (!isStamp(change))
    return {
      source: 'cloudaudit:DescribeEvents',
      fact: `${event} ${resource.id}`,
      value: { at, actor, sourceIp },
    }
  const isGroup = resource.type === 'security-group'
  return {
    source: isGroup ? 'vpc:DescribeSecurityGroupPolicies' : 'vpc:DescribeNetworkAcls',
    fact: `${resource.id} #${resource.ruleIndex} ${event}`,
    value: at,
  }
}

/** Why an empty result proves nothing: a log that was not read in full. Null if everything was read. */
function whyNotKnown({ snapshot, onsets, balancer }: Paths, dead: readonly PoolTarget[]): string | null {
  const isRead = (region: string, end: number): boolean => {
    const log = known(snapshot.auditEvents[region])
    return log !== undefined && Date.parse(log.from) <= end - RECENT_S * 1000 && Date.parse(log.to) >= end
  }
  for (const { target } of dead) {
    const onset = onsets.get(target.key) ?? null
    if (onset === null) return 'onset-unknown'
    const far = [balancer?.targetRegion, known(snapshot.crossTargets[target.ip])?.region]
    const regions = [snapshot.region, ...far].filter((region) => typeof region === 'string')
    if (!regions.every((region) => isRead(region, Date.parse(onset)))) return 'audit-not-read'
  }
  return null
}
