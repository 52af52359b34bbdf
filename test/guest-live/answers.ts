import type { GuestAnswer } from '../../src/app/guest-judge/index.ts'
import { guestJudgeCommand } from '../../src/cli/guest-judge.ts'
import type { Io } from '../../src/cli/io.ts'
import type { GuestCheck } from '../../src/guest/index.ts'
import { contains } from '../../src/rules/index.ts'
import { type Means, setOf, sourcesOf } from './compare.ts'
import type { Fault } from './fault.ts'

// The answer of `clb-doctor guest-judge` to a folder or a file, as a person gets it.

/** What the command has no option for. */
export const canBeAsked = ({ check }: Fault): boolean =>
  check.host !== null || check.httpVersion !== 'HTTP/1.1'

interface Answered {
  readonly answer: GuestAnswer
  readonly status: number
}

export async function answerTo(path: string, fault: Fault): Promise<Answered> {
  let text = ''
  const io: Io = {
    out: (part) => {
      text += part
    },
    err: () => {},
    progress: () => {},
    status: () => {},
    env: {},
    isTerminal: false,
    color: false,
    width: 120,
    statusWidth: () => 120,
    untilStopped: () => Promise.resolve(),
    language: 'en',
  }
  const status = await guestJudgeCommand([path, ...optionsOf(fault), '--format', 'json'], io)
  return { answer: JSON.parse(text), status }
}

function optionsOf({ check, ...fault }: Fault): readonly string[] {
  const sources = sourcesOf({ check, ...fault }).flatMap((source) => ['--source', source])
  const target = ['--target', targetOf(check), ...sources, '--check', check.kind]
  if (check.kind !== 'http' && check.kind !== 'https') return target
  const codes = [1, 2, 3, 4, 5].filter((hundred) => check.httpCodes & (1 << (hundred - 1)))
  return [
    ...target,
    ...['--path', check.path, '--method', check.method, '--timeout', String(check.timeoutSeconds)],
    ...['--codes', codes.map((hundred) => `${hundred}xx`).join(',')],
    ...(check.host === null ? [] : ['--host', check.host]),
  ]
}

const targetOf = ({ ip, port }: GuestCheck): string =>
  port === null ? ip : ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`

/** Where the answer says other things than the probes have met. Empty: nowhere. */
export function answerDifferences(
  { answer, status }: Answered,
  fault: Fault,
  means: Means,
): readonly string[] {
  const mayBeUnknown = !means.isComplete || fault.mayBeUnknown !== null
  const outcomes = answer.outcomes.map(({ outcome }) => outcome)
  const wrong = outcomes.flatMap((outcome, i) => {
    const isRight = outcome === fault.meets[i] || (outcome === 'unknown' && mayBeUnknown)
    return isRight ? [] : [`${answer.outcomes[i]?.source} met ${fault.meets[i]}, answered ${outcome}`]
  })
  const isBad = outcomes.some((outcome) => outcome !== 'ok' && outcome !== 'unknown')
  const wanted = isBad ? 1 : outcomes.includes('unknown') ? 3 : 0
  const found = [
    ...wrong,
    ...(status === wanted ? [] : [`exit ${status} in place of ${wanted}`]),
    ...findingDifferences(answer, fault, means),
  ]
  return found.map((difference) => `${fault.name}, guest-judge, ${means.name}: ${difference}`)
}

function findingDifferences({ findings }: GuestAnswer, fault: Fault, means: Means): readonly string[] {
  const { code: wanted, coarseCode } = fault
  const through = sourcesOf(fault).filter((_, i) => fault.meets[i] === 'ok')
  const isRight = (code: string): boolean => code === wanted || (!means.isComplete && code === coarseCode)
  const isNamed = wanted === null || !means.isComplete || findings.some(({ code }) => code === wanted)
  const named = findings.map(({ code }) => code).join(', ') || 'nothing'
  return [
    ...findings
      .filter(({ certainty }) => means.isComplete || certainty === 'certain')
      .flatMap(({ code, sources }) =>
        through
          .filter((one) => sources.some((cidr) => contains(setOf(cidr), setOf(one))))
          .map((one) => `${code} names ${one}, which got through`),
      ),
    ...findings
      .filter(({ certainty, code }) => certainty === 'certain' && !isRight(code))
      .map(({ code }) => `${code} is certain and wrong`),
    ...(isNamed ? [] : [`${wanted} is not named, but ${named}`]),
  ]
}
