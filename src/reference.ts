import { isIP } from 'node:net'
import type { ClbReference } from './model/alarm.ts'

/** `lb-…` or an IP address, as a person writes it; null for anything else. */
export function referenceFrom(text: string, vpcId: string | null): ClbReference | null {
  const none = { loadBalancerId: null, vip: null, vpcId, numericVpcId: null }
  if (/^lb-[a-z0-9]{4,}$/.test(text)) return { ...none, loadBalancerId: text }
  return isIP(text) > 0 ? { ...none, vip: text } : null
}
