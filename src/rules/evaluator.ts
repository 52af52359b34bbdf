import { kept } from '../model/memo.ts'
import type { NetworkAcl, SecurityGroup } from '../model/snapshot.ts'
import { type AddressSet, toCidrs } from './addresses.ts'
import type { Outcome } from './first-match.ts'
import { compileMeanings, groupKeyOf } from './meanings.ts'
import {
  type CompiledAcl,
  compileAcl,
  evaluateAclIngress,
  evaluateAclReply,
  evaluateProbeBySourcePort,
  type PortReading,
  type Side,
} from './network-acl.ts'
import { type GroupVerdicts, groupVerdicts, type OrderConflict, orderConflict } from './order.ts'
import { overPorts, portTextsOf } from './port-range.ts'
import type { References } from './references.ts'
import type { RuleList } from './rule-list.ts'
import { compileSecurityGroup, evaluateSecurityGroups } from './security-group.ts'
import type { Probe } from './terms.ts'

/** Evaluates probes on rule lists. Each answer is computed once. */
export interface Evaluator {
  securityGroups(groups: readonly SecurityGroup[], probe: Probe): Outcome
  orderMatters(groups: readonly SecurityGroup[], probe: Probe): OrderConflict | null
  aclIngress(acl: NetworkAcl, probe: Probe): Outcome
  aclReply(acl: NetworkAcl, probe: Probe, reading: PortReading): Outcome
  /**
   * Everything about a probe that an ACL's answer depends on, except the sources. Probes with the same text get the
   * same answers.
   */
  aclKeyOf(acl: NetworkAcl, probe: Probe): string
  /**
   * The ACL of the subnet that the probes come from. `sources` is the target; `destination` is the address that the
   * probes come from.
   */
  snatSubnetAclOut(acl: NetworkAcl, probe: Probe, reading?: PortReading): Outcome
  /** The reply to that probe, which comes back in. */
  snatSubnetAclBack(acl: NetworkAcl, probe: Probe): Outcome
}

/**
 * Keeps compiled rule lists and answers as long as the evaluator lives: one diagnosis. A changed copy of a group or ACL
 * is a new object and is compiled anew, so one evaluator serves a snapshot and every fix that is tried on it.
 */
export function createEvaluator(references: References): Evaluator {
  const meanings = compileMeanings(references)
  const groups = new Map<SecurityGroup, RuleList>()
  const acls: Readonly<Record<Side, Map<NetworkAcl, CompiledAcl>>> = {
    arrival: new Map(),
    departure: new Map(),
  }
  const outcomes = new Map<string, Outcome>()
  const conflicts = new Map<string, OrderConflict | null>()
  const said = new Map<string, GroupVerdicts>()
  const numbers = new Map<SecurityGroup | NetworkAcl, number>()
  const numberOf = (list: SecurityGroup | NetworkAcl): number => kept(numbers, list, () => numbers.size)
  const names = new WeakMap<AddressSet, string>()
  const nameOf = (set: AddressSet): string => kept(names, set, () => toCidrs(set).join())
  const groupsKey = (own: readonly SecurityGroup[], probe: Probe): string =>
    `${own.map(numberOf).join()}|${groupKeyOf(probe)}|${nameOf(probe.sources)}`
  const aclKey = (acl: NetworkAcl, list: RuleList, probe: Probe): string =>
    `${numberOf(acl)}|${list.keyOf(probe)}|${nameOf(probe.sources)}`
  const compiled = (group: SecurityGroup): RuleList =>
    kept(groups, group, () => compileSecurityGroup(group, meanings))
  const compiledAcl = (acl: NetworkAcl, side: Side): CompiledAcl =>
    kept(acls[side], acl, () => compileAcl(acl, side))
  const conflictOf = (own: readonly SecurityGroup[], probe: Probe): OrderConflict | null => {
    const lists = own.map((group) => ({ key: groupsKey([group], probe), list: compiled(group) }))
    const byList = new Map(
      lists.map(({ key, list }) => [list, kept(said, key, () => groupVerdicts(list, probe))]),
    )
    return orderConflict(byList, probe)
  }

  return {
    securityGroups: (own, probe) =>
      kept(outcomes, groupsKey(own, probe), () =>
        overPorts(
          probe,
          () => portTextsOf(own, references),
          (one) => evaluateSecurityGroups(own.map(compiled), one),
        ),
      ),
    orderMatters: (own, probe) => kept(conflicts, groupsKey(own, probe), () => conflictOf(own, probe)),
    aclIngress(own, probe) {
      const acl = compiledAcl(own, 'arrival')
      return kept(outcomes, `in|${aclKey(own, acl.ingress, probe)}`, () =>
        overEntryPorts(own, probe, (one) => evaluateAclIngress(acl, one)),
      )
    },
    aclReply(own, probe, reading) {
      const acl = compiledAcl(own, 'arrival')
      const key = `${reading}|${aclKey(own, acl.reply[reading], probe)}`
      return kept(outcomes, key, () =>
        overEntryPorts(own, probe, (one) => evaluateAclReply(acl, one, reading)),
      )
    },
    aclKeyOf(own, probe) {
      const { ingress, reply } = compiledAcl(own, 'arrival')
      return `${ingress.keyOf(probe)}|${reply.destination.keyOf(probe)}`
    },
    snatSubnetAclOut(own, probe, reading = 'destination') {
      const acl = compiledAcl(own, 'departure')
      const evaluate = reading === 'source' ? evaluateProbeBySourcePort : evaluateAclIngress
      const key = `out ${reading}|${aclKey(own, acl.ingress, probe)}`
      return kept(outcomes, key, () => overEntryPorts(own, probe, (one) => evaluate(acl, one)))
    },
    snatSubnetAclBack(own, probe) {
      const acl = compiledAcl(own, 'departure')
      const list = acl.reply.destination
      return kept(outcomes, `back|${aclKey(own, list, probe)}`, () =>
        overEntryPorts(own, probe, (one) => evaluateAclReply(acl, one, 'destination')),
      )
    },
  }
}

const overEntryPorts = (
  { ingress, egress }: NetworkAcl,
  probe: Probe,
  evaluate: (probe: Probe) => Outcome,
): Outcome =>
  overPorts(
    probe,
    () =>
      [...ingress, ...egress].flatMap(({ port, sourcePort, destinationPort }) => [
        port,
        sourcePort,
        destinationPort,
      ]),
    evaluate,
  )
