import { grantOf, isAction } from '../../../model/actions/index.ts'
import type { Gap } from '../../../model/diagnosis.ts'
import { type Fact, failuresOf, known, type ReadFailure } from '../../../model/fact.ts'
import { groupBy } from '../../../model/group-by.ts'
import { GUEST_FAILURES, type GuestReport } from '../../../model/guest.ts'
import type { Language, Text } from '../../../model/language.ts'
import type { Snapshot } from '../../../model/snapshot.ts'
import { sentences, t } from '../../../text/index.ts'
import { problemText } from '../failures.ts'
import { TEXTS } from './texts.ts'

/** What a look inside machines did not bring, and how to get it: one gap for each reason. */
export function guestGaps({ guests = {}, loadBalancerId }: Snapshot, language: Language): readonly Gap[] {
  const failed = Object.entries(guests).flatMap(([endpoint, fact]) =>
    failuresOf([fact]).map((failure) => ({ endpoint, failure })),
  )
  const alike = groupBy(failed, ({ failure }) => `${failure.action} ${failure.code} ${stateIn(failure)}`)
  return [
    ...[...alike.values()].flatMap((own) => {
      const [first] = own
      const endpoints = own.map(({ endpoint }) => endpoint)
      return first ? [gapOf(first.failure, endpoints, loadBalancerId, language)] : []
    }),
    ...cutGaps(guests, language),
  ]
}

const CODES: readonly string[] = GUEST_FAILURES

function gapOf(
  failure: ReadFailure,
  endpoints: readonly string[],
  loadBalancerId: string,
  language: Language,
): Gap {
  const params = { count: endpoints.length, targets: endpoints }
  const isOwn = CODES.includes(failure.code) || failure.code.startsWith('Task.')
  const [first = ''] = endpoints
  return {
    what: t(TEXTS.what, params, language),
    why: isOwn ? ownReason(failure, language) : apiReason(failure, language),
    action: failure.action,
    errorCode: failure.code,
    ...(failure.problem === 'denied' ? { grant: failure.action } : {}),
    byHand: [`clb-doctor guest-script ${loadBalancerId} ${first}`],
  }
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
  const policy = isAction(failure.action) ? grantOf(failure.action)?.policy : undefined
  const how = policy === 'guest' ? TEXTS.policy : policy === 'run-command' ? TEXTS.runPolicy : null
  const problem = t(TEXTS.why.api, { problem: problemText(failure, language) }, language)
  return failure.problem === 'denied' && how ? sentences([problem, how[language]], language) : problem
}

function cutGaps(guests: NonNullable<Snapshot['guests']>, language: Language): readonly Gap[] {
  const cut = Object.entries(guests).flatMap(([endpoint, fact]) => {
    const bytes = droppedOf(fact)
    return bytes > 0 ? [{ endpoint, bytes }] : []
  })
  if (cut.length === 0) return []
  const params = {
    count: cut.length,
    targets: cut.map(({ endpoint }) => endpoint),
    bytes: Math.max(...cut.map(({ bytes }) => bytes)),
  }
  return [
    {
      what: t(TEXTS.cut.what, params, language),
      why: t(TEXTS.cut.why, params, language),
      action: 'tat:DescribeInvocationTasks',
    },
  ]
}

const droppedOf = (fact: Fact<GuestReport>): number => known(fact)?.droppedBytes ?? 0
