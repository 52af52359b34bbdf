import { isIP } from 'node:net'
import type { ClbReference } from '../model/alarm.ts'

/** E.g. `vpc-1ywqac83`. */
export const isVpc = (text: string): boolean => /^vpc-[a-z0-9]+$/.test(text)

/** `lb-…` or an IP address, as a person writes it; null for anything else. */
export function referenceFrom(name: string, vpcId: string | null): ClbReference | null {
  const text = name.trim()
  const none = { loadBalancerId: null, vip: null, vpcId, numericVpcId: null }
  if (/^lb-[a-z0-9]{4,}$/.test(text)) return { ...none, loadBalancerId: text }
  return isIP(text) > 0 ? { ...none, vip: text } : null
}
