import { endpointOf, poolName } from '../../model/endpoint.ts'
import type { EvaluatedPool, Paths } from '../../path/index.ts'
import { filled, inEachLanguage, NOTHING, type Params, texts } from '../../text/index.ts'
import { type Check, type CheckResult, type Draft, poolResource, result } from '../check.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })
const { reasons } = TEXTS

/**
 * The guide's opening note: if every backend of a listener or rule is abnormal, CLB sends requests to all of them. This
 * describes traffic, so it is a note and never a cause. A CLB that forwards nothing gets no note.
 */
export const allBackendsDown: Check = { id: 'all-backends-down', reasons, run }

function run(paths: Paths): CheckResult {
  const { pools, snapshot } = paths
  const drafts = pools.flatMap((pool) => draft(pool, snapshot.region) ?? [])
  return result(
    drafts,
    pools.map((pool) =>
      pool.counts.total === 0 ? 'not-applicable' : snapshot.health.state === 'ok' ? 'pass' : 'unknown',
    ),
    'health-unread',
  )
}

function draft(pool: EvaluatedPool, region: string): Draft | null {
  const weighted = pool.targets.filter(({ weight }) => weight !== 0)
  const alive = weighted.filter(({ status }) => status === 'Alive')
  const oneLeft =
    alive.length === 1 && weighted.length >= 3 && weighted.some(({ status }) => status === 'Dead')
  if (!pool.serving || (!pool.fallback && !oneLeft)) return null
  const common = {
    subject: pool.key,
    predicts: 'nothing',
    targets: [],
    certainty: 'certain',
    order: 0,
    resources: [poolResource(pool, region)],
    evidence: [{ source: 'clb:DescribeTargetHealth', fact: 'HealthStatusDetail', value: { ...pool.counts } }],
  } as const
  if (pool.fallback)
    return {
      ...common,
      code: 'all-backends-down/fallback-active',
      role: 'note',
      severity: 'high',
      alike: { by: '', place: 'pool', sums: ['count', 'zeroWeight'], joint: exceptAll },
      params: {
        pool: poolName(pool),
        count: weighted.length,
        zeroWeight: pool.counts.zeroWeight,
        ...exceptFor(pool.counts.zeroWeight),
      },
      fix: null,
    }
  const last = alive[0] ? endpointOf(alive[0]) : '-'
  return {
    ...common,
    code: 'all-backends-down/one-left',
    role: 'risk',
    severity: 'high',
    alike: { by: '', place: 'pool', own: inEachLanguage(() => last), sums: ['count'] },
    params: { pool: poolName(pool), pools: 1, count: weighted.length, last },
    fix: { kind: 'advice' },
  }
}

const exceptFor = (zeroWeight: number) => ({
  except: zeroWeight === 0 ? NOTHING : filled(TEXTS.except, { count: zeroWeight }),
})

const exceptAll = (all: readonly Draft[]): Params =>
  exceptFor(all.reduce((sum, { params }) => sum + Number(params.zeroWeight), 0))
