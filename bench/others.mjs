// Two other evaluators. The bench compares ours with them. Both support only the rules of the workload.
import IPCIDR from 'ip-cidr'

const asked = ({ protocol, port }) =>
  protocol === 'ALL' || (protocol === 'TCP' && (port === 'ALL' || port === '8080' || port === '8000-9000'))

/** The obvious way: for each address, try the rules until one contains it. To be fair, each CIDR is parsed only once. */
export function obvious(references) {
  const parsed = new Map()
  const cidrOf = (text) => {
    if (!parsed.has(text)) parsed.set(text, new IPCIDR(text.includes('/') ? text : `${text}/32`))
    return parsed.get(text)
  }
  return (groups, address) => {
    for (const group of groups)
      for (const rule of group.ingress) {
        if (!asked(rule)) continue
        const sources = rule.address ? references.addresses(rule.address) : [rule.cidr]
        if (!sources.some((source) => cidrOf(source).contains(address))) continue
        return `${rule.action === 'ACCEPT' ? 'accept' : 'deny'} ${group.id} ${rule.index}`
      }
    return `deny ${groups[0].id} null`
  }
}

/**
 * The approach that was rejected: rule by rule, subtract what the rule matches from the addresses that are left. It uses
 * the same sets and compiled terms as ours. But every rule walks over all addresses that are left.
 */
export const subtracting =
  ({ difference, intersection }) =>
  (terms, borders) => {
    let left = borders
    const pieces = []
    for (const [rank, { sure, verdict }] of terms.entries()) {
      const hit = intersection(left, sure.borders)
      if (hit.length === 0) continue
      pieces.push({ rank, verdict, borders: hit })
      left = difference(left, hit)
    }
    if (left.length > 0) pieces.push({ rank: null, verdict: 'deny', borders: left })
    return pieces
  }
