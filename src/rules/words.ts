import type { AclEntry, SecurityRule, TemplateReference } from '../model/snapshot.ts'

const LONGEST_REMARK = 40

/** A rule as the console shows it, the same in every language: `DROP TCP:80 from 10.0.0.0/8 "remark"`. */
function words(action: string | null, service: string, ends: string, remark: string | null): string {
  const text = `${(action ?? '?').toUpperCase()} ${service} ${ends}`
  if (remark === null) return text
  const characters = [...remark]
  const short =
    characters.length > LONGEST_REMARK ? `${characters.slice(0, LONGEST_REMARK).join('')}…` : remark
  return `${text} "${short}"`
}

const service = (protocol: string | null, port: string | null): string => {
  const name = (protocol ?? '?').toUpperCase()
  return port === null || name === 'ALL' ? name : `${name}:${port}`
}

const template = (reference: TemplateReference | null): string | null =>
  reference && (reference.id ?? reference.groupId)

export function securityRuleWords(rule: SecurityRule): string {
  const source = template(rule.address) ?? rule.cidr ?? rule.ipv6Cidr ?? rule.sourceGroupId ?? '?'
  return words(
    rule.action,
    template(rule.service) ?? service(rule.protocol, rule.port),
    `from ${source}`,
    rule.description,
  )
}

export function aclEntryWords(
  entry: AclEntry,
  kind: 'triple' | 'quintuple',
  direction: 'ingress' | 'egress',
): string {
  if (kind === 'triple') {
    const end = entry.cidr ?? entry.ipv6Cidr ?? '?'
    const preposition = direction === 'ingress' ? 'from' : 'to'
    return words(
      entry.action,
      service(entry.protocol, entry.port),
      `${preposition} ${end}`,
      entry.description,
    )
  }
  const end = (cidr: string | null, port: string | null) =>
    port === null ? (cidr ?? '?') : `${cidr ?? '?'} port ${port}`
  const from = end(entry.sourceCidr ?? entry.sourceIpv6Cidr, entry.sourcePort)
  const to = end(entry.destinationCidr ?? entry.destinationIpv6Cidr, entry.destinationPort)
  return words(
    entry.action,
    (entry.protocol ?? '?').toUpperCase(),
    `from ${from} to ${to}`,
    entry.description,
  )
}
