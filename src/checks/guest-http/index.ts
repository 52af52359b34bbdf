import { requestKeyOf } from '../../guest/index.ts'
import { codeBit } from '../../model/http-codes.ts'
import type { HealthCheck } from '../../model/snapshot.ts'
import type { Paths } from '../../path/index.ts'
import { filled, NOTHING, type Param, texts } from '../../text/index.ts'
import type { Check, FixLine, GivenPlan } from '../check.ts'
import { settingCommands } from '../check-settings.ts'
import { insideCheck } from '../guest-findings.ts'
import type { GuestHit, GuestMachine } from '../guest-machine.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })

/** Guide 2.2, manual 3: what does the application answer to the very request of the health check, and when? */
export const guestHttp: Check = insideCheck({
  id: 'guest-http',
  reasons: TEXTS.reasons,
  stages: ['application'],
  isFor: ({ guestCheck: { kind } }) => kind !== 'tcp' && kind !== 'udp' && kind !== 'ping',
  order: 4,
  by: ['request', 'status', 'get', 'expected', 'end', 'speaks', 'timeout', 'port'],
  fact: factOf,
  isForAnySource: true,
  params: paramsOf,
  fix,
})

/** The answer to what was sent, and for a slow one how long it may take. What the check makes of it does not matter. */
function factOf({ reason: { code, params }, target: { guestCheck } }: GuestHit): readonly unknown[] {
  const sent = requestKeyOf(guestCheck)
  if (code === 'guest-http/too-slow') return [sent, params.timeout, params.state ?? null]
  const { status = null, get = null, end = null, speaks = null } = params
  return [sent, status, get, end, speaks]
}

function paramsOf({ reason: { params, doubts }, target: { guestCheck } }: GuestHit) {
  const { request, get = '-', timeout, end, seconds, speaks } = params
  const asked = request ?? `${guestCheck.method} ${guestCheck.path}`
  const allowed = typeof timeout === 'number' ? timeout : guestCheck.timeoutSeconds
  const status = params.status ?? TEXTS.odd
  return {
    status,
    get,
    expected: expectedIn(params.expected),
    request: asked,
    timeout: allowed,
    took:
      typeof seconds === 'number'
        ? filled(TEXTS.took.seconds, { seconds })
        : filled(TEXTS.took.over, { timeout: allowed }),
    got: typeof get === 'number' ? filled(TEXTS.got.known, { get }) : TEXTS.got.unknown,
    same: typeof get === 'number' ? TEXTS.same.known : TEXTS.same.unknown,
    ...stuckOf(params),
    how: TEXTS.ends[end === 'empty' || end === 'refused' || end === 'tls-error' ? end : 'reset'],
    mend: filled(TEXTS.mend[end === 'tls-error' ? 'handshake' : 'usual'], {
      port: params.port ?? guestCheck.port ?? '-',
    }),
    log: doubts?.includes('peer') ? filled(TEXTS.log, { status }) : NOTHING,
    speaks: TEXTS.speaks[speaks === 'plain' ? 'plain' : 'tls'],
    advice: TEXTS.advice[speaks === 'plain' ? 'plain' : 'tls'],
    codes: filled(isFitCode(params.status) ? TEXTS.codes : TEXTS.repair, { request: asked, status }),
  }
}

/** What keeps the process from answering, and what helps. */
function stuckOf({ state, pids, process }: GuestHit['reason']['params']) {
  const own = { process: process ?? TEXTS.process, pids: pids ?? '-' }
  if (state === 'T') return { state: filled(TEXTS.stuck.stopped, own), slow: filled(TEXTS.slow.stopped, own) }
  if (state === 'D' || state === 'Z')
    return {
      state: filled(TEXTS.stuck.waiting, { ...own, mark: state }),
      slow: filled(TEXTS.slow.waiting, own),
    }
  return { state: NOTHING, slow: TEXTS.slow.usual }
}

/** Classes of codes are a list. What a custom or gRPC check expects is one text. */
function expectedIn(expected: GuestHit['reason']['params'][string] | undefined): Param {
  if (typeof expected !== 'string') return expected ?? '-'
  return /^\dxx(?:, ?\dxx)+$/.test(expected) ? expected.split(/, ?/) : expected
}

/** An answer that may be what the owner wants: the request was understood. */
const isFitCode = (status: unknown): boolean => Number(status) >= 300 && Number(status) < 500

/** Changes of the check that would take the answer. Only where one is obvious. */
function fix(machines: readonly GuestMachine[], paths: Paths): GivenPlan {
  const hits = machines.flatMap((machine) => machine.hits)
  const lines = hits.flatMap((hit) => {
    const changed = changeFor(
      hit,
      hits.filter(({ pool }) => pool === hit.pool),
    )
    return changed ? linesFor(hit, changed, paths) : []
  })
  const commands = [...new Map(lines.map((one) => [one.line, one])).values()]
  return { kind: 'settings', ...(commands.length > 0 ? { commands } : {}) }
}

/** @param alike all of its pool: they have one check */
function changeFor(
  { reason, pool, target }: GuestHit,
  alike: readonly GuestHit[],
): Partial<HealthCheck> | null {
  const { code, params } = reason
  const { guestCheck, healthCheck } = target
  switch (code) {
    case 'guest-http/status-mismatch':
      return guestCheck.kind !== 'grpc' && guestCheck.kind !== 'custom' && isFitCode(params.status)
        ? { httpCodes: guestCheck.httpCodes | codeBit(Number(params.status)) }
        : null
    case 'guest-http/head-not-supported':
      return { method: 'GET' }
    case 'guest-http/too-slow':
      return longer(Math.max(...alike.map((one) => Number(one.reason.params.seconds))), healthCheck)
    case 'guest-http/tls-mismatch':
      // The backend protocol of an HTTPS rule decides how requests are sent, too, so its owner has to choose.
      return params.speaks === 'plain' ? { type: 'HTTP' } : pool.locationId === null ? { type: 'TCP' } : null
    default:
      return null
  }
}

/** A time-out has to stay below the interval (platform facts C3). */
function longer(seconds: number, check: HealthCheck | null): Partial<HealthCheck> | null {
  const wanted = Math.floor(seconds) + 1
  return check?.intervalSeconds && wanted < check.intervalSeconds ? { timeoutSeconds: wanted } : null
}

function linesFor(
  { pool, target }: GuestHit,
  changed: Partial<HealthCheck>,
  paths: Paths,
): readonly FixLine[] {
  const { healthCheck: check, checkOverrides, targetGroupId } = target
  if (!check) return []
  const groupIds = checkOverrides && targetGroupId !== null ? [targetGroupId] : []
  return settingCommands({ pool, check, groupIds }, changed, paths)
}
