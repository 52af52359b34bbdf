import type { Gap, HopStage, TargetKey } from '../../model/diagnosis.ts'
import { endpointOf } from '../../model/endpoint.ts'
import type { Language, Text } from '../../model/language.ts'
import { kept, remembered } from '../../model/memo.ts'
import type { EvaluatedTarget, Hop, Paths } from '../../path/index.ts'
import { t } from '../../text/index.ts'
import { isOfAddress, type Named, namedIn, type Unknown, unknownsOf } from '../unknown/index.ts'
import { TEXTS } from './texts.ts'

const STAGE_NAMES: Readonly<Partial<Record<HopStage, Text>>> = TEXTS.stages

interface OpenThing {
  readonly thing: Unknown
  readonly stages: Set<HopStage>
  readonly targets: Set<EvaluatedTarget>
}

/**
 * What leaves hops without a verdict, on targets that are not Alive and have no certain or likely cause: one gap per
 * thing, for all its targets.
 */
export function hopGaps(paths: Paths, explained: ReadonlySet<TargetKey>, language: Language): readonly Gap[] {
  const named = namedIn(paths, language)
  const open = new Map<string, OpenThing>()
  const thingsIn = remembered((hop: Hop) => unknownsOf(hop, '', named))
  for (const target of paths.pools.flatMap((pool) => pool.targets)) {
    if (target.status === 'Alive' || target.status === 'Close' || explained.has(target.key)) continue
    for (const hop of target.path)
      for (const thing of isOfAddress(hop) ? unknownsOf(hop, target.ip, named) : thingsIn(hop)) {
        if (thing.hasOwnGap) continue
        const { stages, targets } = kept(open, `${thing.subject}\n${thing.reason}`, () => ({
          thing,
          stages: new Set<HopStage>(),
          targets: new Set<EvaluatedTarget>(),
        }))
        stages.add(hop.stage)
        targets.add(target)
      }
  }
  return [...open.values()].map(({ thing, stages, targets }) => {
    const { subject, reason, settle, grant } = thing
    const params = {
      subject,
      reason,
      settle: settle ?? '',
      stages: [...stages].map((stage) => STAGE_NAMES[stage]?.[language] ?? stage),
      count: targets.size,
      targets: [...targets].map(endpointOf),
    }
    const { what, why, open: unsettled } = TEXTS.gaps.hop
    return {
      what: t(what, params, language),
      why: t(settle === null ? unsettled : why, params, language),
      ...(grant === undefined ? {} : { grant }),
    }
  })
}

/** What leaves the way to these targets open, in so far as no other gap names it. */
export function subjectsOn(targets: readonly EvaluatedTarget[], named: Named): readonly string[] {
  // Targets share hops. Only a hop about the address has another text for each of them.
  const hops = new Map<Hop, Set<string>>()
  for (const { path, ip } of targets)
    for (const hop of path)
      if (hop.verdict === 'unknown') kept(hops, hop, () => new Set<string>()).add(isOfAddress(hop) ? ip : '')
  const things = [...hops].flatMap(([hop, ips]) => [...ips].flatMap((ip) => unknownsOf(hop, ip, named)))
  return [...new Set(things.flatMap(({ subject, hasOwnGap }) => (hasOwnGap ? [] : subject)))]
}
