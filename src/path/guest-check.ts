import { type GuestCheck, USUAL_CODES, USUAL_TIMEOUT } from '../guest/index.ts'
import { familyOf } from '../model/ip.ts'
import { isHttp } from '../model/protocol.ts'
import type { HealthCheck } from '../model/snapshot.ts'
import { type AddressSet, everything, unionOf } from '../rules/index.ts'
import type { Member, Pool } from './pools.ts'
import type { ProbePlan } from './probe.ts'

/** What a probe to a target sends follows from these. */
export type CheckedPool = Pick<Pool, 'protocol' | 'forwardType' | 'domain' | 'url'>
export type CheckedTarget = Pick<Member, 'ip' | 'port' | 'healthCheck'> & { readonly plan: ProbePlan }

/**
 * The check of one target with every default filled in. A setting that was not read counts as the default of the listener
 * (platform facts C3). Of a range of ports it is the first.
 */
export function guestCheckOf(pool: CheckedPool, target: CheckedTarget): GuestCheck {
  const { ip, plan, healthCheck: check } = target
  const kind = kindOf(pool, target)
  const planned = plan.kind === 'probe' ? plan.port : (check?.port ?? null)
  return {
    kind,
    ip,
    port: kind === 'ping' ? null : (planned ?? (target.port || null)),
    method: (check?.method ?? 'GET').toUpperCase(),
    host: check?.host ?? pool.domain,
    path: check?.path ?? pool.url ?? '/',
    httpVersion: check?.httpVersion ?? null,
    httpCodes: check?.httpCodes || USUAL_CODES,
    extendedCode: check?.extendedCode ?? null,
    ...(kind === 'custom' ? { transport: transportOf(pool, plan), ...unknownIn(check) } : {}),
    sendHex: hexOf(check, check?.sendContext),
    receiveHex: hexOf(check, check?.recvContext),
    timeoutSeconds: check?.timeoutSeconds ?? USUAL_TIMEOUT,
    intervalSeconds: check?.intervalSeconds ?? null,
  }
}

function kindOf(pool: CheckedPool, { plan, healthCheck: check }: CheckedTarget): GuestCheck['kind'] {
  const protocol = plan.kind === 'probe' ? plan.protocol : pool.protocol === 'UDP' ? 'udp' : 'tcp'
  if (protocol === 'icmp' || protocol === 'icmpv6' || check?.type === 'PING') return 'ping'
  const type = checkTypeOf(pool, check)
  if (type === 'CUSTOM') return 'custom'
  if (protocol === 'udp') return 'udp'
  return type === 'HTTP' ? 'http' : type === 'HTTPS' ? 'https' : type === 'GRPC' ? 'grpc' : 'tcp'
}

const transportOf = ({ protocol }: CheckedPool, plan: ProbePlan): 'tcp' | 'udp' =>
  (plan.kind === 'probe' ? plan.protocol === 'udp' : protocol === 'UDP') ? 'udp' : 'tcp'

/** The check's type. By default a rule is checked in the protocol that it forwards in (platform facts C3). */
export const checkTypeOf = (
  { protocol, forwardType }: Pick<CheckedPool, 'protocol' | 'forwardType'>,
  check: HealthCheck | null,
): string => check?.type ?? (isHttp(protocol) ? (forwardType ?? protocol) : 'TCP')

/** The documents do not say what a CLB makes of hexadecimal that is not whole. */
const unknownIn = (check: HealthCheck | null): Pick<GuestCheck, 'isRequestUnknown' | 'isAnswerUnknown'> => ({
  ...(check?.sendContext && hexOf(check, check.sendContext) === null ? { isRequestUnknown: true } : {}),
  ...(check?.recvContext && hexOf(check, check.recvContext) === null ? { isAnswerUnknown: true } : {}),
})

/** Null if nothing is set, or if hexadecimal is not whole. */
function hexOf(check: HealthCheck | null, content: string | null | undefined): string | null {
  if (!content) return null
  if (check?.contextType !== 'HEX') return Buffer.from(content, 'utf8').toString('hex')
  return /^(?:[\dA-F]{2})+$/i.test(content) ? content.toLowerCase() : null
}

/** Every address that may probe the target: all of its family, if it is not known which. */
export function probeSourcesOf({ ip, plan }: Pick<CheckedTarget, 'ip' | 'plan'>): AddressSet {
  const family = familyOf(ip)
  const origins = plan.kind === 'probe' ? plan.origins : []
  if (origins.length === 0) return everything(family)
  return unionOf(
    family,
    origins.map(({ sources }) => sources ?? everything(family)),
  )
}
