import type { Gap } from '../../model/diagnosis.ts'
import { endpointOf } from '../../model/endpoint.ts'
import type { Language } from '../../model/language.ts'
import { type EvaluatedTarget, type Paths, warmUpOf } from '../../path/index.ts'
import { type TimeZone, t, timeFor } from '../../text/index.ts'
import { TEXTS } from './texts.ts'

/** Backends that were bound a moment ago: when to look again, and how. */
export function warmingUpGap(
  targets: readonly EvaluatedTarget[],
  { snapshot }: Paths,
  language: Language,
  zone: TimeZone,
): readonly Gap[] {
  const found = targets.flatMap((target) => {
    const warmUp = warmUpOf(target, snapshot)
    return warmUp ? [{ endpoint: endpointOf(target), readyAt: warmUp.readyAt }] : []
  })
  if (found.length === 0) return []
  const ready = timeFor(
    found
      .map(({ readyAt }) => readyAt)
      .sort()
      .at(-1) ?? '',
    language,
    zone,
  )
  const params = { count: found.length, targets: found.map(({ endpoint }) => endpoint), readyAt: ready }
  const { what, why } = TEXTS.gaps['warming-up']
  const { region, loadBalancerId } = snapshot
  const look = `tccli clb DescribeTargetHealth --region ${region} --LoadBalancerIds '["${loadBalancerId}"]'`
  return [
    {
      what: t(what, params, language),
      why: t(why, params, language),
      byHand: [`${look}  # ${t(TEXTS.where.after, { time: ready }, language)}`],
    },
  ]
}
