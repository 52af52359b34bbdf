import {
  endOf,
  factsOf,
  type LocalRequest,
  requestKeyOf,
  scriptCommand,
  whichPool,
} from '../../guest/index.ts'
import type { CheckOutcome } from '../../model/diagnosis.ts'
import { endpointOf } from '../../model/endpoint.ts'
import { known } from '../../model/fact.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Text } from '../../model/language.ts'
import { letsPeerIn, type Paths, reportFactOf } from '../../path/index.ts'
import { filled, inEachLanguage, listed } from '../../text/index.ts'
import {
  type Check,
  type CheckResult,
  type Draft,
  everyTarget,
  type FixLine,
  findingTarget,
  type PoolTarget,
  result,
} from '../check.ts'
import { aboutHits, membersText } from '../several.ts'
import { TEXTS } from './texts.ts'

/**
 * Guide 2.1: another machine of the VPC tries the same port. Its packets do not come from the probes' source. So if it gets
 * through, something listens, and what stops the probes looks at their source. If it does not, the machine stops everybody.
 */
export const peerReach: Check = { id: 'peer-reach', reasons: TEXTS.reasons, run }

/** What another machine met at a Dead target. */
interface Try extends PoolTarget {
  readonly peerId: string
  readonly peerIp: string | null
  readonly verdict: 'answered' | 'reached' | 'unreached' | 'unclear'
  /** How the last request ended, in words. */
  readonly end: Text
  readonly isRefused: boolean
}

function run(paths: Paths): CheckResult {
  const { peers } = paths.snapshot
  if (!peers) return { outcome: 'not-applicable', drafts: [] }
  const dead = everyTarget(paths).filter(({ target }) => target.status === 'Dead')
  const tried = dead.flatMap((one) => triesOf(one, paths))
  const reached = tried.filter(({ verdict }) => verdict === 'answered' || verdict === 'reached')
  const stopped = tried.filter((one) => one.verdict === 'unreached' && countsAgainst(one, paths))
  return result(
    [
      ...draftsOf('reachable-from-peer', reached, paths),
      ...draftsOf('unreachable-from-peer', stopped, paths),
    ],
    dead.flatMap(({ target }): CheckOutcome[] => (reportFactOf(peers, target) ? ['unknown'] : [])),
    'peer-unclear',
  )
}

function triesOf(poolTarget: PoolTarget, { snapshot }: Paths): readonly Try[] {
  const report = known(reportFactOf(snapshot.peers, poolTarget.target))
  if (!report || report.instanceId === null) return []
  // It was asked for the check of another pool.
  if (report.asked !== undefined && report.asked !== requestKeyOf(poolTarget.target.guestCheck)) return []
  const { requests } = factsOf(report)
  const last = requests.at(-1)
  if (!last) return []
  const verdicts = new Set(requests.map((one) => verdictOf(one, poolTarget)))
  const [verdict = 'unclear'] = verdicts
  return [
    {
      ...poolTarget,
      peerId: report.instanceId,
      peerIp: known(snapshot.instances[report.instanceId])?.privateIps[0] ?? null,
      verdict: verdicts.size === 1 ? verdict : 'unclear',
      end: endText(last),
      isRefused: requests.every(({ end }) => end.kind === 'refused'),
    },
  ]
}

function verdictOf(request: LocalRequest, { target }: PoolTarget): Try['verdict'] {
  const { guestCheck: check } = target
  switch (request.end.kind) {
    case 'open':
      if (isOverUdp(target)) return 'unclear'
      return ['tcp', 'ping'].includes(check.kind) ? 'answered' : 'reached'
    case 'answer-timeout':
      return isOverUdp(target) ? 'unclear' : answerOf(request, target)
    case 'answer':
    case 'grpc':
    case 'bytes':
      return answerOf(request, target)
    case 'empty':
    case 'tls-error':
    case 'not-tls':
    case 'tls':
    case 'not-http':
      return check.isRequestUnknown ? 'unclear' : 'reached'
    case 'refused':
    case 'unreachable':
    case 'connect-timeout':
    case 'timeout':
      return 'unreached'
    default:
      // A reset may come during the handshake or after it.
      return 'unclear'
  }
}

/** Does the check take the answer? */
function answerOf(request: LocalRequest, { guestCheck: check }: PoolTarget['target']): Try['verdict'] {
  const meaning = check.isRequestUnknown ? null : endOf(request, { check })
  if (meaning === null || meaning.kind === 'any') return 'unclear'
  return meaning.kind === 'ok' ? 'answered' : 'reached'
}

/** UDP has no handshake. Only an answer shows that a packet came through. */
const isOverUdp = ({ guestCheck }: PoolTarget['target']): boolean =>
  guestCheck.kind === 'udp' || guestCheck.transport === 'udp'

const endText = ({ end }: LocalRequest): Text =>
  end.kind === 'answer'
    ? filled(TEXTS.ends.answer, { status: end.status })
    : end.kind === 'grpc'
      ? filled(TEXTS.ends.grpc, { status: end.status ?? '-' })
      : TEXTS.ends[end.kind]

/** A group or ACL that keeps the other machine out says nothing about the probes. Who is refused did get in. */
const countsAgainst = ({ target, peerIp, isRefused }: Try, paths: Paths): boolean =>
  isRefused || (peerIp !== null && letsPeerIn(paths, target, peerIp) === 'pass')

/** The look inside the machine itself says what stops the probes, so this only agrees with it. */
const isKnownInside = ({ target }: PoolTarget): boolean => (target.guest?.reasons.length ?? 0) > 0

type Reason = keyof typeof TEXTS.reasons

/** One finding for what several machines met alike. */
function draftsOf(reason: Reason, tries: readonly Try[], paths: Paths): readonly Draft[] {
  const alike = groupBy(tries, (one) => `${one.verdict} ${one.end.en} ${isKnownInside(one)}`)
  return [...alike.values()].map((own) => aboutHits(own, (some) => draftOf(reason, some, paths)))
}

function draftOf(reason: Reason, tries: readonly Try[], { snapshot, pools }: Paths): Draft {
  const [first] = tries
  if (!first) throw new Error('a finding about nothing')
  const endpoints = [...new Set(tries.map(({ target }) => endpointOf(target)))]
  const peers = [...new Set(tries.map(({ peerId }) => peerId))]
  const isReached = reason === 'reachable-from-peer'
  return {
    code: `peer-reach/${reason}`,
    subject: `${first.verdict}#${isKnownInside(first)}#${endpoints[0]}`,
    predicts: isReached || isKnownInside(first) ? 'nothing' : 'suspect',
    targets: tries.map(findingTarget),
    certainty: isReached || isKnownInside(first) ? 'certain' : 'possible',
    role: 'note',
    severity: isReached ? 'info' : 'high',
    order: 3,
    resources: peers.map((id) => ({ type: 'cvm', id, region: snapshot.region })),
    params: {
      peers,
      from: inEachLanguage((language) =>
        listed(
          tries
            .map(({ peerId, peerIp }) => (peerIp === null ? peerId : `${peerId} (${peerIp})`))
            .filter(isNew),
          language,
        ),
      ),
      count: endpoints.length,
      targets: endpoints,
      list: membersText(endpoints),
      end: first.end,
      meaning: isReached
        ? TEXTS.meanings[first.verdict === 'answered' ? 'answered' : 'reached']
        : TEXTS.meanings.stopped,
    },
    evidence: tries.map(({ peerId, target, end }) => ({
      source: 'tat:DescribeInvocationTasks',
      fact: `${peerId} → ${endpointOf(target)}`,
      value: end.en,
    })),
    fix: { kind: 'advice', ...(isReached ? {} : { commands: [scriptFor(first, snapshot, pools)] }) },
  }
}

const scriptFor = (
  { pool, target }: Try,
  { loadBalancerId, region }: Paths['snapshot'],
  pools: Paths['pools'],
): FixLine => ({
  tool: 'shell',
  line: scriptCommand({ loadBalancerId, region, target: endpointOf(target), ...whichPool(pool, pools) }),
})

const isNew = (one: string, at: number, all: readonly string[]): boolean => all.indexOf(one) === at
