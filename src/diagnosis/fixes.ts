import type { AssessedTarget, Assessment } from '../assessment/index.ts'
import { evaluatorFor, verdictAt } from '../assessment/index.ts'
import type { Draft, FixPlan, Params } from '../checks/index.ts'
import { CHECKS } from '../checks/index.ts'
import type { Fix, HopStage, TargetKey } from '../model/diagnosis.ts'
import type { Language, Text } from '../model/language.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { toCidrs } from '../network/index.ts'
import type { Judged } from './roles.ts'
import { changeFor, type Opening } from './rule-changes.ts'
import { say } from './words.ts'

/** The fix of a finding, with the path evaluated again under it; null where there is nothing to change. */
export function fixOf(judged: Judged, assessment: Assessment, language: Language): Fix | null {
  const { draft } = judged
  const [check, reason = ''] = draft.code.split('/')
  const text = CHECKS.find(({ id }) => id === check)?.reasons[reason]?.fix
  if (!draft.fix || !text || judged.role === 'note') return null
  if (draft.fix.kind === 'advice')
    return {
      summary: say(text, draft.params, language),
      ...(draft.fix.commands ? { commands: draft.fix.commands } : {}),
      verified: false,
    }
  const targets = targetsOf(draft, judged, assessment)
  const openings = openingsOf(targets)
  if (openings.length === 0) return null
  const change = changeFor(draft.fix, openings, assessment.snapshot)
  if (!change) return null
  const params: Params = {
    ...draft.params,
    target: change.id,
    position: draft.fix.position,
    opens: opensWhat(openings, draft.fix),
    from: [...new Set(openings.map(({ cidr }) => cidr))],
  }
  return {
    summary: say(text, params, language),
    commands: [change.command],
    verified: passesWith(change.snapshot, targets, assessment, stageOf(draft.fix)),
  }
}

/** The targets a fix must mend: those explained, or all that are covered where nobody is Dead yet. */
function targetsOf(draft: Draft, { explains }: Judged, { pools }: Assessment): readonly AssessedTarget[] {
  const keys = new Set<TargetKey>(explains.length > 0 ? explains : draft.covers.map(({ target }) => target))
  return pools.flatMap(({ targets }) => targets.filter(({ key }) => keys.has(key)))
}

/** Protocol and port of the probe, its sources as the fewest CIDRs, and nothing else. */
function openingsOf(targets: readonly AssessedTarget[]): readonly Opening[] {
  const all = new Map<string, Opening>()
  for (const { plan } of targets) {
    if (plan.kind === 'none') continue
    const { protocol, port } = plan
    for (const { sources } of plan.origins)
      for (const cidr of sources ? toCidrs(sources) : [])
        all.set(`${protocol} ${port} ${cidr}`, { protocol, port, cidr })
  }
  return [...all.values()]
}

/** Of a reply every port, since it goes to the prober's own; in ICMP there are none. */
function opensWhat(openings: readonly Opening[], plan: FixPlan | null): Text {
  const reply = plan?.kind === 'open-acl' && plan.direction === 'egress'
  const all = (language: Language): string =>
    [
      ...new Set(
        openings.map(({ protocol, port }) => {
          const name = protocol.toUpperCase()
          if (port === null) return name
          return reply ? say(ALL_PORTS, { protocol: name }, language) : `${name} ${port}`
        }),
      ),
    ].join(language === 'en' ? ', ' : '、')
  return { 'zh-CN': all('zh-CN'), en: all('en') }
}

const ALL_PORTS: Text = { 'zh-CN': '{protocol} 全部端口', en: 'all {protocol} ports' }

/** The same hop of every target, evaluated on the changed rules. */
function passesWith(
  snapshot: Snapshot,
  targets: readonly AssessedTarget[],
  { balancer }: Assessment,
  stage: HopStage,
): boolean {
  const evaluator = evaluatorFor(snapshot)
  return targets.every((target) => verdictAt(stage, target, snapshot, balancer, evaluator) === 'pass')
}

function stageOf(plan: Exclude<FixPlan, { kind: 'advice' }>): HopStage {
  if (plan.kind === 'open-security-group') return 'security-group'
  return plan.direction === 'egress' ? 'acl-out' : 'acl-in'
}
