import type { Assessment } from '../assessment/index.ts'
import { CHECKS, type CheckRun } from '../checks/index.ts'
import type { Diagnosis, Finding, Stats } from '../model/diagnosis.ts'
import { endpointOf } from '../model/endpoint.ts'
import type { Language, Text } from '../model/language.ts'
import { fixOf } from './fixes.ts'
import { gapsOf } from './gaps.ts'
import { headlineOf } from './headline.ts'
import { type Judged, judge } from './roles.ts'
import { verdictOf } from './verdict.ts'
import { balancerView, poolView } from './view.ts'
import { say } from './words.ts'

export interface Circumstances {
  /** `dx-…` */
  readonly id: string
  /** ISO 8601. */
  readonly createdAt: string
  readonly language: Language
  readonly trigger: Diagnosis['trigger']
  readonly stats: Stats
}

/** Findings compared with what is observed, with causes ranked, fixes proven and gaps named. Pure. */
export function diagnose(assessment: Assessment, run: CheckRun, around: Circumstances): Diagnosis {
  const { language } = around
  const judged = judge(run.drafts, assessment)
  const findings = judged.map((one, i) => findingOf(one, i, judged, assessment, language))
  const gaps = gapsOf(assessment, judged, language)
  const notServing = judged.some(
    ({ draft, role }) => draft.code.startsWith('load-balancer-state/') && role === 'cause',
  )
  const verdict = verdictOf(assessment, notServing)
  const loadBalancer = balancerView(assessment)
  const pools = assessment.pools.map((pool) => poolView(pool, language))
  return {
    schemaVersion: 1,
    id: around.id,
    createdAt: around.createdAt,
    language,
    trigger: around.trigger,
    loadBalancer,
    verdict,
    headline: headlineOf(verdict, loadBalancer, pools, findings, gaps, language),
    pools,
    findings,
    checks: run.reports,
    gaps,
    changes: [],
    stats: around.stats,
  }
}

function findingOf(
  judged: Judged,
  index: number,
  all: readonly Judged[],
  assessment: Assessment,
  language: Language,
): Finding {
  const { draft, role, certainty, explains, contradictedBy } = judged
  const [check, reason = ''] = draft.code.split('/')
  const text = CHECKS.find(({ id }) => id === check)?.reasons[reason]
  if (!text) throw new Error(`no text for ${draft.code}`)
  return {
    id: `f${index + 1}`,
    code: draft.code,
    role,
    certainty,
    severity: role === 'note' ? 'info' : draft.severity,
    title: say(text.title, draft.params, language),
    detail: [say(text.detail, draft.params, language), ...notAlone(judged, all, assessment, language)].join(
      language === 'en' ? ' ' : '',
    ),
    params: draft.params,
    resources: draft.resources,
    explains,
    contradictedBy,
    evidence: draft.evidence,
    fix: fixOf(judged, assessment, language),
  }
}

const NOT_ALONE = {
  proven: {
    'zh-CN': '注意：{targets} 另有原因（{codes}），只改这一处不会恢复。',
    en: 'Mind: another cause ({codes}) keeps {targets} down as well; mending this alone is not enough.',
  },
  possible: {
    'zh-CN': '注意：{codes} 也可能让 {targets} 异常（未证实）；改了这一处若没有恢复，再看那一项。',
    en: 'Mind: {codes} may keep {targets} down as well, which is not proven; if mending this does not help, look there.',
  },
} as const satisfies Record<string, Text>

/** Two causes on one backend: mending one is not enough, or may not be, and both say so. */
function notAlone(
  judged: Judged,
  all: readonly Judged[],
  assessment: Assessment,
  language: Language,
): readonly string[] {
  if (judged.role !== 'cause') return []
  const own = new Set(judged.explains)
  const others = all.filter(
    (one) => one !== judged && one.role === 'cause' && one.explains.some((key) => own.has(key)),
  )
  return (['proven', 'possible'] as const).flatMap((kind) => {
    const such = others.filter(({ certainty }) => (certainty === 'possible') === (kind === 'possible'))
    if (such.length === 0) return []
    const shared = new Set(such.flatMap(({ explains }) => explains.filter((key) => own.has(key))))
    const targets = assessment.pools.flatMap((pool) =>
      pool.targets.filter(({ key }) => shared.has(key)).map(endpointOf),
    )
    const codes = [...new Set(such.map(({ draft }) => draft.code))]
    return [say(NOT_ALONE[kind], { targets, codes }, language)]
  })
}
