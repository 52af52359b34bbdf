import { type FilterRule, toolOf } from '../../filter/index.ts'
import type { GuestCheck, GuestReason } from '../evaluation.ts'
import type { GuestFacts } from '../facts.ts'

type Given = Pick<GuestReason, 'code' | 'stage' | 'sources' | 'outcome' | 'certainty' | 'decidedBy'> &
  Partial<Pick<GuestReason, 'rule' | 'params' | 'evidence' | 'isMoving' | 'doubts'>>

export const isPing = ({ kind }: GuestCheck): boolean => kind === 'ping'

/** A custom check is of the protocol of its listener. Without a snapshot only the probe was told it. */
export function protocolOf({ kind, transport }: GuestCheck, { target }: GuestFacts): 'tcp' | 'udp' {
  if (kind !== 'custom') return kind === 'udp' ? 'udp' : 'tcp'
  return transport ?? (target?.protocol === 'udp' ? 'udp' : 'tcp')
}

/** A reason, with what every one has. */
export const reasonOf = (
  { check, facts }: { readonly check: GuestCheck; readonly facts: GuestFacts },
  { params, evidence, rule, ...given }: Given,
): GuestReason => ({
  ...given,
  rule: rule ?? null,
  params: {
    protocol: isPing(check) ? 'ICMP' : protocolOf(check, facts).toUpperCase(),
    ...(check.port === null ? {} : { port: check.port }),
    ...params,
  },
  evidence: evidence ?? [],
})

/** `iptables filter INPUT #3: -s 100.64.0.0/10 -j DROP`, `iptables filter INPUT: policy DROP` */
export const ruleText = ({ layer, table, chain, index, text }: FilterRule): string =>
  `${toolOf(layer)} ${table} ${chain}${index === null ? '' : ` #${index}`}: ${text}`
