// The two that the evaluator is measured against. Both understand only what the workload has.
import IPCIDR from 'ip-cidr'

const asked = ({ protocol, port }) =>
  protocol === 'ALL' || (protocol === 'TCP' && (port === 'ALL' || port === '8080' || port === '8000-9000'))

/** The obvious one: for each address, walk the rules until one contains it. CIDRs are parsed once, which is generous. */
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
 * The approach that was rejected: from what is left, take what each rule matches, rule by rule. The same sets and the
 * same compiled terms; only the walk is another. Every rule walks all that is left.
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
