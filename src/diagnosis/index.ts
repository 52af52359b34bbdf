import type { Assessment } from '../assessment/index.ts'
import { CHECKS, type CheckRun } from '../checks/index.ts'
import type { Diagnosis, Finding, Stats } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
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
  const findings = judged.map((one, i) => findingOf(one, i, assessment, language))
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

function findingOf(judged: Judged, index: number, assessment: Assessment, language: Language): Finding {
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
    detail: say(text.detail, draft.params, language),
    params: draft.params,
    resources: draft.resources,
    explains,
    contradictedBy,
    evidence: draft.evidence,
    fix: fixOf(judged, assessment, language),
  }
}
