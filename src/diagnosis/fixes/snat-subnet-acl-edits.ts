import { known } from '../../model/fact.ts'
import { familyOf } from '../../model/ip.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedTarget, SnatSubnetAcl } from '../../path/index.ts'
import { cidrsOfAll, firstBlockingRule, type Outcome, parseAddresses } from '../../rules/index.ts'
import { aclEditsOf, type Passing } from './acl-edits.ts'
import { fewest, type Opening } from './openings.ts'
import type { RuleEdit } from './rule-edit.ts'

/**
 * Lets probes out and replies in through the ACL of the SNAT IPs' own subnet. Only directions that are blocked get
 * entries.
 */
export function snatSubnetAclEdits(
  aclId: string,
  targets: readonly EvaluatedTarget[],
  snapshot: Snapshot,
): readonly RuleEdit[] {
  const openings = openingsTo(aclId, targets)
  const passing = (
    passage: Passing['passage'],
    of: (snatSubnetAcl: SnatSubnetAcl) => readonly Outcome[],
  ): readonly Passing[] => {
    const blockingRules = targets.flatMap((target) =>
      throughAcl(aclId, target)
        .flatMap(of)
        .filter(({ verdict }) => verdict !== 'pass')
        .map((outcome) => ({ family: familyOf(target.ip), by: firstBlockingRule(outcome) })),
    )
    return blockingRules.length > 0 ? [{ passage, openings, blockingRules }] : []
  }
  const stopped = [
    ...passing('probe-out', ({ out, outBySourcePort = out }) => [out, outBySourcePort]),
    ...passing('reply-in', ({ back }) => [back]),
  ]
  return known(snapshot.networkAcls[aclId]) ? aclEditsOf(aclId, stopped, snapshot) : []
}

const throughAcl = (aclId: string, { snatSubnetAcls }: EvaluatedTarget): readonly SnatSubnetAcl[] =>
  snatSubnetAcls.filter(({ acl }) => acl.id === aclId)

/** Here the target is the remote end, and the SNAT IPs are in the ACL's subnet. */
function openingsTo(aclId: string, targets: readonly EvaluatedTarget[]): readonly Opening[] {
  const all = new Map<string, Opening>()
  for (const target of targets) {
    const { plan } = target
    const [cidr] = cidrsOf([target.ip])
    if (plan.kind === 'none' || cidr === undefined) continue
    const snatIps = throughAcl(aclId, target).map(({ snatIp }) => snatIp)
    const { protocol, port, endPort } = plan
    const ports = port === null ? null : { from: port, to: endPort ?? port }
    all.set(`${protocol} ${port} ${endPort} ${cidr}`, { protocol, ports, cidr, targets: cidrsOf(snatIps) })
  }
  return fewest([...all.values()], 'targets')
}

const cidrsOf = (ips: readonly string[]): readonly string[] =>
  cidrsOfAll(ips.flatMap((ip) => parseAddresses(ip) ?? []))
