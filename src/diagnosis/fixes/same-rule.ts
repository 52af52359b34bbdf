import type { AclEntry, SecurityMatch, TemplateReference } from '../../model/snapshot.ts'
import { parseAddresses, toCidrs } from '../../rules/index.ts'

// The parameters of an audited operation and the rules that the API gives back write one rule in several forms: case,
// "all" or no port, an address or its /32.

/** Do two rules match the same packets and do the same with them? The remark does not matter. */
export const isSameRule = (a: Ruled, b: Ruled): boolean => ruleKey(a) === ruleKey(b)

/** The same rules, in any order. */
export const isSameRules = (a: readonly Ruled[], b: readonly Ruled[]): boolean =>
  a.map(ruleKey).sort().join('\n') === b.map(ruleKey).sort().join('\n')

type Ruled = SecurityMatch & { readonly action: string | null }

const ruleKey = (rule: Ruled): string =>
  [
    plain(rule.action),
    rule.service ? reference(rule.service) : `${plain(rule.protocol)} ${ports(rule.port)}`,
    cidr(rule.cidr),
    cidr(rule.ipv6Cidr),
    plain(rule.sourceGroupId),
    rule.address ? reference(rule.address) : '',
  ].join('|')

export const isSameEntry = (a: AclEntry, b: AclEntry): boolean => entryKey(a) === entryKey(b)

const entryKey = (entry: AclEntry): string =>
  [
    ...[entry.action, entry.protocol].map(plain),
    ...[entry.port, entry.sourcePort, entry.destinationPort].map(ports),
    ...[entry.cidr, entry.ipv6Cidr, entry.sourceCidr, entry.destinationCidr].map(cidr),
    ...[entry.sourceIpv6Cidr, entry.destinationIpv6Cidr].map(cidr),
  ].join('|')

const plain = (text: string | null): string => text?.trim().toLowerCase() ?? ''
const reference = ({ id, groupId }: TemplateReference): string => `${id ?? ''} ${groupId ?? ''}`

function ports(text: string | null): string {
  const bare = plain(text).replaceAll(' ', '')
  return bare === 'all' ? '' : bare
}

function cidr(text: string | null): string {
  const set = text === null ? null : parseAddresses(text)
  return set ? toCidrs(set).join() : plain(text)
}
