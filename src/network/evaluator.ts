import type { NetworkAcl, SecurityGroup } from '../model/snapshot.ts'
import { type AddressSet, toCidrs } from './addresses.ts'
import type { Outcome } from './first-match.ts'
import { evaluateAclIngress, evaluateAclReply, type PortReading } from './network-acl.ts'
import {
  evaluateSecurityGroups,
  type OrderConflict,
  orderConflict,
  type TemplateSource,
} from './security-group.ts'
import type { Probe } from './terms.ts'

/** Evaluation over one set of rules: equal questions about equal rule lists are answered once. */
export interface Evaluator {
  securityGroups(groups: readonly SecurityGroup[], probe: Probe): Outcome
  orderMatters(groups: readonly SecurityGroup[], probe: Probe): OrderConflict | null
  aclIngress(acl: NetworkAcl, probe: Probe): Outcome
  aclReply(acl: NetworkAcl, probe: Probe, reading: PortReading): Outcome
}

/** The answers live as long as the evaluator: one assessment. Rule lists are told apart by id. */
export function createEvaluator(templates: TemplateSource): Evaluator {
  const outcomes = new Map<string, Outcome>()
  const conflicts = new Map<string, OrderConflict | null>()
  const names = new WeakMap<AddressSet, string>()
  const nameOf = (set: AddressSet): string => {
    const known = names.get(set) ?? toCidrs(set).join(',')
    names.set(set, known)
    return known
  }
  const keyOf = ({ sources, protocol, port }: Probe): string => `${protocol}:${port}|${nameOf(sources)}`
  const once = <T>(cache: Map<string, T>, key: string, compute: () => T): T => {
    if (!cache.has(key)) cache.set(key, compute())
    return cache.get(key) as T
  }
  const idsOf = (groups: readonly SecurityGroup[]): string => groups.map(({ id }) => id).join('+')
  // Only quintuple entries ask for the target's address.
  const aclKey = (acl: NetworkAcl, probe: Probe): string =>
    `${acl.id}|${keyOf(probe)}|${acl.kind === 'quintuple' ? probe.destination : ''}`

  return {
    securityGroups: (groups, probe) =>
      once(outcomes, `${idsOf(groups)}|${keyOf(probe)}`, () =>
        evaluateSecurityGroups(groups, probe, templates),
      ),
    orderMatters: (groups, probe) =>
      once(conflicts, `${idsOf(groups)}|${keyOf(probe)}`, () => orderConflict(groups, probe, templates)),
    aclIngress: (acl, probe) =>
      once(outcomes, `in|${aclKey(acl, probe)}`, () => evaluateAclIngress(acl, probe)),
    aclReply: (acl, probe, reading) =>
      once(outcomes, `${reading}|${aclKey(acl, probe)}`, () => evaluateAclReply(acl, probe, reading)),
  }
}
