import type { CheckOutcome } from '../../model/diagnosis.ts'
import type { Text } from '../../model/language.ts'
import type { Paths } from '../../path/index.ts'
import { inEachLanguage, texts, withAside } from '../../text/index.ts'
import {
  type Check,
  type CheckResult,
  type Draft,
  everyTarget,
  findingTarget,
  type PoolTarget,
  result,
} from '../check.ts'
import { commandsFor, kindFor } from './commands.ts'
import { en } from './en.ts'
import { type Trouble, troubleOf } from './trouble.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })
const { reasons } = TEXTS
/** Advice by the state that the API gives. */
const ADVICE: Readonly<Record<string, Text>> = TEXTS.advice

/** Guide 2: does the machine or interface behind the address exist, run, and have no unpaid bill? */
export const instanceState: Check = { id: 'instance-state', reasons, run }

function run(paths: Paths): CheckResult {
  const found = new Map<string, { readonly trouble: Trouble; readonly hits: PoolTarget[] }>()
  const outcomes: CheckOutcome[] = []
  for (const poolTarget of everyTarget(paths)) {
    const trouble = troubleOf(poolTarget, paths)
    if (trouble === null || trouble === 'unknown' || trouble === 'not-applicable') {
      outcomes.push(trouble ?? 'pass')
      continue
    }
    const key = `${trouble.reason}/${trouble.resource.id}`
    const entry = found.get(key) ?? { trouble, hits: [] }
    entry.hits.push(poolTarget)
    found.set(key, entry)
  }
  const all = [...found.values()]
  // If the answer lacks machines that answer probes, it is incomplete and proves nothing about other missing machines.
  const isAnswerIncomplete = all.some(
    ({ trouble, hits }) => isMissing(trouble) && hits.some(({ target }) => target.status === 'Alive'),
  )
  return result(
    all.map(({ trouble, hits }) => {
      const drafted = draft(trouble, hits, paths)
      return isAnswerIncomplete && isMissing(trouble) ? { ...drafted, certainty: 'possible' } : drafted
    }),
    outcomes,
    'machines-unread',
  )
}

const isMissing = ({ reason, resource }: Trouble): boolean =>
  reason === 'not-found' && resource.type === 'cvm'

function draft(trouble: Trouble, hits: readonly PoolTarget[], paths: Paths): Draft {
  const { reason, resource, state, evidence } = trouble
  const last = hits.at(-1)?.target
  const advice = ADVICE[state]
  return {
    code: `instance-state/${reason}`,
    subject: resource.id,
    predicts: 'dead',
    targets: hits.map(findingTarget),
    // A missing or stopped machine cannot answer. An isolated machine may still run, and a missing address may still
    // answer, so these are only likely.
    certainty: resource.type === 'ip' || reason === 'isolated' ? 'likely' : 'certain',
    role: 'risk',
    severity: 'high',
    order: 3,
    resources: [resource],
    params: {
      id: resource.id,
      name: last?.name ?? resource.id,
      ip: last?.ip ?? '-',
      which: resource.type === 'ip' ? resource.id : both(resource.id, last?.ip ?? '-'),
      state,
      ...(advice ? { advice } : {}),
      missing: resource.type === 'ip' ? TEXTS.missing.address : TEXTS.missing.machine,
    },
    doubts: reason === 'not-found' && resource.type === 'ip' ? [TEXTS.lag] : [],
    evidence: [evidence],
    fix: { kind: kindFor(trouble), commands: commandsFor(trouble, hits, paths) },
  }
}

const both = (id: string, ip: string): Text => inEachLanguage((language) => withAside(id, ip, language))
