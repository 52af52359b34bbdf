import type { ClbReference } from '../model/alarm.ts'
import { parseId } from '../model/ids.ts'
import { parseIp } from '../model/ip.ts'

/** Parses what a user typed: a CLB id (`lb-…`) or an IP address. Null for anything else. */
export function referenceFrom(name: string, vpcId: string | null): ClbReference | null {
  const [loadBalancerId, vip] = [parseId(name, 'lb'), parseIp(name)]
  return loadBalancerId === null && vip === null ? null : { loadBalancerId, vip, vpcId, numericVpcId: null }
}
