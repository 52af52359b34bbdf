import type { NetworkAcl, SecurityGroup } from '../model/snapshot.ts'
import { type AddressSet, toCidrs } from './addresses.ts'
import type { Outcome } from './first-match.ts'
import { kept } from './kept.ts'
import { compileMeanings, groupKeyOf } from './meanings.ts'
import {
  type CompiledAcl,
  compileAcl,
  evaluateAclIngress,
  evaluateAclReply,
  type PortReading,
  type Side,
} from './network-acl.ts'
import { type OrderConflict, orderConflict } from './order.ts'
import type { References } from './references.ts'
import type { RuleList } from './rule-list.ts'
import { compileSecurityGroup, evaluateSecurityGroups } from './security-group.ts'
import type { Probe } from './terms.ts'

/** Evaluation over one set of rules: equal questions about equal rule lists are answered once. */
export interface Evaluator {
  securityGroups(groups: readonly SecurityGroup[], probe: Probe): Outcome
  orderMatters(groups: readonly SecurityGroup[], probe: Probe): OrderConflict | null
  aclIngress(acl: NetworkAcl, probe: Probe): Outcome
  aclReply(acl: NetworkAcl, probe: Probe, reading: PortReading): Outcome
  /** The ACL of the subnet that probes set out from: `sources` is the target, `destination` where they come from. */
  snatSubnetAclOut(acl: NetworkAcl, probe: Probe): Outcome
  /** The reply to it, on its way back in. */
  snatSubnetAclBack(acl: NetworkAcl, probe: Probe): Outcome
}

/** Rule lists and answers live as long as the evaluator: one assessment. Rule lists are told apart by id. */
export function createEvaluator(references: References): Evaluator {
  const meanings = compileMeanings(references)
  const groups = new Map<string, RuleList>()
  const acls = new Map<string, CompiledAcl>()
  const outcomes = new Map<string, Outcome>()
  const conflicts = new Map<string, OrderConflict | null>()
  const names = new WeakMap<AddressSet, string>()
  const nameOf = (set: AddressSet): string => kept(names, set, () => toCidrs(set).join())
  const groupsKey = (own: readonly SecurityGroup[], probe: Probe): string =>
    `${own.map(({ id }) => id).join()}|${groupKeyOf(probe)}|${nameOf(probe.sources)}`
  const aclKey = (list: RuleList, probe: Probe): string =>
    `${list.id}|${list.keyOf(probe)}|${nameOf(probe.sources)}`
  const compiled = (own: readonly SecurityGroup[]): readonly RuleList[] =>
    own.map((group) => kept(groups, group.id, () => compileSecurityGroup(group, meanings)))
  const compiledAcl = (acl: NetworkAcl, side: Side = 'arrival'): CompiledAcl =>
    kept(acls, `${side} ${acl.id}`, () => compileAcl(acl, side))

  return {
    securityGroups: (own, probe) =>
      kept(outcomes, groupsKey(own, probe), () => evaluateSecurityGroups(compiled(own), probe)),
    orderMatters: (own, probe) =>
      kept(conflicts, groupsKey(own, probe), () => orderConflict(compiled(own), probe)),
    aclIngress(own, probe) {
      const acl = compiledAcl(own)
      return kept(outcomes, `in|${aclKey(acl.ingress, probe)}`, () => evaluateAclIngress(acl, probe))
    },
    aclReply(own, probe, reading) {
      const acl = compiledAcl(own)
      const key = `${reading}|${aclKey(acl.reply[reading], probe)}`
      return kept(outcomes, key, () => evaluateAclReply(acl, probe, reading))
    },
    snatSubnetAclOut(own, probe) {
      const acl = compiledAcl(own, 'departure')
      return kept(outcomes, `out|${aclKey(acl.ingress, probe)}`, () => evaluateAclIngress(acl, probe))
    },
    snatSubnetAclBack(own, probe) {
      const acl = compiledAcl(own, 'departure')
      const list = acl.reply.destination
      return kept(outcomes, `back|${aclKey(list, probe)}`, () => evaluateAclReply(acl, probe, 'destination'))
    },
  }
}
