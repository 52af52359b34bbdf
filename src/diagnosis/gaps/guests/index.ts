import { grantsOf, isAction, type Policy } from '../../../model/actions/index.ts'
import type { Gap } from '../../../model/diagnosis.ts'
import { endpointOf, poolName } from '../../../model/endpoint.ts'
import { type Fact, failuresOf, known, type ReadFailure } from '../../../model/fact.ts'
import { groupBy } from '../../../model/group-by.ts'
import { GUEST_FAILURES, type GuestReport } from '../../../model/guest.ts'
import type { Language, Text } from '../../../model/language.ts'
import type { EvaluatedPool, EvaluatedTarget, Paths } from '../../../path/index.ts'
import { semicolons, t } from '../../../text/index.ts'
import { lookCommands } from '../by-hand.ts'
import { problemText } from '../failures.ts'
import { TEXTS } from './texts.ts'

/** One report, or none, and the backend that it is about. */
interface About {
  readonly fact: Fact<GuestReport>
  /** `ip:port`, with the listener or rule if the report is about a further check of it. */
  readonly name: string
  readonly member: PoolMember | null
}

interface PoolMember {
  readonly pool: EvaluatedPool
  readonly target: EvaluatedTarget
}

/** What a look inside machines did not bring, and how to get it: one gap for each reason. */
export function guestGaps(paths: Paths, language: Language): readonly Gap[] {
  const all = reportsIn(paths)
  const failed = all.flatMap((about) => failuresOf([about.fact]).map((failure) => ({ ...about, failure })))
  const alike = groupBy(failed, ({ failure }) => `${failure.action} ${failure.code} ${stateIn(failure)}`)
  return [
    ...[...alike.values()].flatMap((own) => {
      const [first] = own
      return first ? [gapOf(first.failure, own, paths, language)] : []
    }),
    ...cutGaps(all, paths, language),
  ]
}

function reportsIn({ snapshot: { guests = {} }, pools }: Paths): readonly About[] {
  const members = pools.flatMap((pool) => pool.targets.map((target) => ({ pool, target })))
  return Object.entries(guests).map(([key, fact]) => {
    const own = members.find(({ target }) => target.key === key)
    if (own) return { fact, name: `${endpointOf(own.target)} (${poolName(own.pool)})`, member: own }
    const bound = members.filter(({ target }) => endpointOf(target) === key)
    const member = bound.find(({ target }) => target.status === 'Dead') ?? bound[0] ?? null
    return { fact, name: key, member }
  })
}

const CODES: readonly string[] = GUEST_FAILURES

function gapOf(failure: ReadFailure, about: readonly About[], paths: Paths, language: Language): Gap {
  const params = { count: about.length, targets: about.map(({ name }) => name) }
  const isOwn = CODES.includes(failure.code) || failure.code.startsWith('Task.')
  return {
    what: t(TEXTS.what, params, language),
    why: isOwn ? ownReason(failure, language) : apiReason(failure, language),
    action: failure.action,
    errorCode: failure.code,
    ...(failure.problem === 'denied' ? { grant: failure.action } : {}),
    byHand: byHandFor(about, paths, language, failure.code === 'Windows'),
  }
}

/** The probe for the first of them, whose machine the others are like. */
function byHandFor(
  about: readonly About[],
  paths: Paths,
  language: Language,
  isWindows = false,
): readonly string[] {
  const members = about.flatMap(({ member }) => member ?? [])
  const [first] = members
  const targets = members.map(({ target }) => target)
  return first ? lookCommands(first.pool, targets, { paths, language, isWindows }) : []
}

function ownReason(failure: ReadFailure, language: Language): string {
  const code = failure.code.split('.', 1)[0] ?? ''
  const text: Text | undefined = WHY[code]
  return t(text ?? TEXTS.why.Task, { state: stateText(stateIn(failure), language) }, language)
}
const WHY: Readonly<Record<string, Text>> = TEXTS.why

/** The state of a task: in the code of one that ended, in the message of one that did not. */
const stateIn = ({ code, message }: ReadFailure): string =>
  code.startsWith('Task.') ? code.slice('Task.'.length) : code === 'NotInTime' ? message : ''

const STATES: Readonly<Record<string, Text>> = TEXTS.states
const stateText = (state: string, language: Language): string =>
  STATES[state]?.[language] ?? t(TEXTS.states.other, { state: state || '?' }, language)

function apiReason(failure: ReadFailure, language: Language): string {
  const { action } = failure
  const policies = isAction(action) ? grantsOf(action).map(({ policy }) => policy) : []
  const isOf = (policy: Policy): boolean => policies.includes(policy)
  // What both settings ask for does not tell which of them was meant.
  const how =
    isOf('guest') && isOf('run-command')
      ? TEXTS.eitherPolicy
      : isOf('guest')
        ? TEXTS.policy
        : isOf('run-command')
          ? TEXTS.runPolicy
          : null
  const problem = t(TEXTS.why.api, { problem: problemText(failure, language) }, language)
  return failure.problem === 'denied' && how ? semicolons([problem, how[language]], language) : problem
}

function cutGaps(all: readonly About[], paths: Paths, language: Language): readonly Gap[] {
  const cut = all.filter(({ fact }) => droppedOf(fact) > 0)
  if (cut.length === 0) return []
  const params = {
    count: cut.length,
    targets: cut.map(({ name }) => name),
    bytes: Math.max(...cut.map(({ fact }) => droppedOf(fact))),
  }
  return [
    {
      what: t(TEXTS.cut.what, params, language),
      why: t(TEXTS.cut.why, params, language),
      action: 'tat:DescribeInvocationTasks',
      byHand: byHandFor(cut, paths, language),
    },
  ]
}

const droppedOf = (fact: Fact<GuestReport>): number => known(fact)?.droppedBytes ?? 0
