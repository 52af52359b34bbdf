import { CHECKS, type CheckRun } from '../checks/index.ts'
import type { Diagnosis, Finding, Fix, Stats } from '../model/diagnosis.ts'
import type { Acceptance } from '../model/expected.ts'
import type { Language, Text } from '../model/language.ts'
import type { Assessment } from '../path/index.ts'
import { accept, acceptanceGaps, acceptedText, acceptedView } from './expected.ts'
import { fixesOf } from './fixes/index.ts'
import { gapsOf } from './gaps/index.ts'
import { headlineOf } from './headline.ts'
import { linkedChanges } from './linked-changes.ts'
import { notAlone } from './not-alone.ts'
import { isReason, type Judged, judge } from './roles.ts'
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
  /** Findings that the user expects; whether they still do is decided by `createdAt`. */
  readonly accepted: readonly Acceptance[]
}

/** Findings compared with what is observed, with causes ranked, fixes proven and gaps named. Pure. */
export function diagnose(assessment: Assessment, run: CheckRun, around: Circumstances): Diagnosis {
  const { language } = around
  const now = Date.parse(around.createdAt)
  const judged = accept(judge(run.drafts, assessment), around.accepted, now)
  const fixes = fixesOf(judged, assessment, language)
  const findings = judged.map((one, i) => findingOf(one, i, judged, fixes[i] ?? null, assessment, language))
  const gaps = [
    ...gapsOf(assessment, judged, language),
    ...acceptanceGaps(judged, around.accepted, now, language),
  ]
  const notServing = judged.some((one) => one.draft.code.startsWith('load-balancer-state/') && isReason(one))
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
    headline: headlineOf(
      verdict,
      loadBalancer,
      pools,
      findings,
      gaps,
      around.trigger.alarm ?? null,
      language,
    ),
    pools,
    findings,
    checks: run.reports,
    gaps,
    changes: assessment.changes,
    stats: around.stats,
  }
}

function findingOf(
  judged: Judged,
  index: number,
  all: readonly Judged[],
  fix: Fix | null,
  assessment: Assessment,
  language: Language,
): Finding {
  const { draft, role, certainty, explains, contradictedBy, accepted } = judged
  const [check, reason = ''] = draft.code.split('/')
  const text = CHECKS.find(({ id }) => id === check)?.reasons[reason]
  if (!text) throw new Error(`no text for ${draft.code}`)
  const changes = linkedChanges(judged, assessment)
  return {
    id: `f${index + 1}`,
    code: draft.code,
    role,
    certainty,
    severity: role === 'note' ? 'info' : draft.severity,
    title: titleOf(judged, text.title, language),
    detail: [
      say(text.detail, draft.params, language),
      ...acceptedText(judged, language),
      ...notAlone(judged, all, assessment, language),
    ].join(language === 'en' ? ' ' : ''),
    params: draft.params,
    resources: draft.resources,
    explains,
    contradictedBy,
    evidence: draft.evidence,
    fix,
    ...(accepted ? { accepted: acceptedView(accepted) } : {}),
    ...(changes.length > 0 ? { changes } : {}),
  }
}

/** What a rule would do, and what healthy backends show that it does not. */
const REFUTED = {
  blocks: { 'zh-CN': '按规则会拦截', en: 'would block' },
  yet: {
    'zh-CN': '，但其后 {healthy} 个后端仍正常',
    en: ', yet {healthy|1 backend behind it is|# backends behind it are} healthy',
  },
} as const satisfies Record<string, Text>

function titleOf({ draft, contradictedBy }: Judged, title: Text, language: Language): string {
  const healthy = contradictedBy.length
  if (healthy === 0) return say(title, draft.params, language)
  const params = { ...draft.params, blocks: REFUTED.blocks, healthy }
  return `${say(title, params, language)}${say(REFUTED.yet, params, language)}`
}
