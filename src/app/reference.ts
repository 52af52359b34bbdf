import type { ClbReference } from '../model/alarm.ts'
import { clbInConsoleUrl } from '../model/console.ts'
import { otherBalancer, parseClbName, parseDomain, parseId } from '../model/ids.ts'
import { parseIp } from '../model/ip.ts'

/** Parses what a user typed: a CLB id (`lb-…`), an IP address or the CLB's domain. Null for anything else. */
export function referenceFrom(name: string, vpcId: string | null): ClbReference | null {
  const [loadBalancerId, vip, domain] = [parseId(name, 'lb'), parseIp(name), parseDomain(name)]
  if (loadBalancerId === null && vip === null)
    return domain === null ? null : { loadBalancerId, vip, domain, vpcId, numericVpcId: null }
  return { loadBalancerId, vip, vpcId, numericVpcId: null }
}

interface Asked {
  readonly clb: ClbReference
  /** The region that an address of the console names. */
  readonly region: string | null
}

/**
 * Parses how a person at a shell names a CLB: by id, IP address, domain, name, or a pasted address of the console. Null for
 * anything else.
 */
export function askedFrom(text: string, vpcId: string | null): Asked | null {
  const page = clbInConsoleUrl(text)
  const clb = referenceFrom(page?.id ?? text, vpcId)
  if (clb) return { clb, region: page?.region ?? null }
  const name = otherBalancer(text) === null ? parseClbName(text) : null
  return name === null
    ? null
    : { clb: { loadBalancerId: null, vip: null, vpcId, numericVpcId: null, name }, region: null }
}
