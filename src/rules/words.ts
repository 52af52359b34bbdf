import type { AclEntry, SecurityRule, TemplateReference } from '../model/snapshot.ts'
import { type PieceVerdict, verdictOf } from './terms.ts'

const LONGEST_REMARK = 40

/** A rule as the console shows it, the same in every language: `DROP TCP:80 from 10.0.0.0/8 "remark"`. */
function words(action: string | null, service: string, ends: string, remark: string | null): string {
  const text = `${(action ?? '?').toUpperCase()} ${service} ${ends}`
  if (remark === null) return text
  return `${text} "${clipped(remark, LONGEST_REMARK)}"`
}

function clipped(text: string, most: number): string {
  const characters = [...text]
  return characters.length > most ? `${characters.slice(0, most).join('')}…` : text
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

/** A rule in parts, of which a text in any language is made. */
export interface RuleLine {
  readonly verdict: PieceVerdict
  /** As the API gives it. */
  readonly action: string | null
  /** What it matches: `TCP 8000-9000 ← 203.0.113.0/24`. */
  readonly match: string
  readonly remark: string | null
}

/** A list of ports or a name longer than this is cut. */
const LONGEST_PART = 60

function line(
  { action, description }: Pick<SecurityRule, 'action' | 'description'>,
  match: readonly (string | null)[],
): RuleLine {
  const parts = match.filter((part) => part !== null).map((part) => clipped(part, LONGEST_PART))
  const remark = description?.trim() ?? ''
  return {
    verdict: verdictOf(action),
    action,
    match: parts.join(' '),
    remark: remark === '' ? null : clipped(remark, LONGEST_REMARK),
  }
}

const protocolName = (protocol: string | null): string => (protocol ?? '?').toUpperCase()

const serviceLine = (protocol: string | null, port: string | null): string =>
  service(protocol, port).replace(':', ' ')

export function securityRuleLine(rule: SecurityRule): RuleLine {
  const source = template(rule.address) ?? rule.cidr ?? rule.ipv6Cidr ?? rule.sourceGroupId ?? '?'
  return line(rule, [template(rule.service) ?? serviceLine(rule.protocol, rule.port), '←', source])
}

export function aclEntryLine(
  entry: AclEntry,
  kind: 'triple' | 'quintuple',
  direction: 'ingress' | 'egress',
): RuleLine {
  if (kind === 'triple')
    return line(entry, [
      serviceLine(entry.protocol, entry.port),
      direction === 'ingress' ? '←' : '→',
      entry.cidr ?? entry.ipv6Cidr ?? '?',
    ])
  const end = (cidr: string | null, port: string | null): string =>
    port === null || port.toUpperCase() === 'ALL' ? (cidr ?? '?') : `${cidr ?? '?'} ${port}`
  return line(entry, [
    protocolName(entry.protocol),
    end(entry.sourceCidr ?? entry.sourceIpv6Cidr, entry.sourcePort),
    '→',
    end(entry.destinationCidr ?? entry.destinationIpv6Cidr, entry.destinationPort),
  ])
}
