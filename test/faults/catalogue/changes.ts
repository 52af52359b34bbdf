import type { World } from '../../../src/simulator/world.ts'
import { ALARMED_AT } from '../healthy.ts'
import { type Fault, pickOr, type Target } from './fault.ts'
import { guestIn } from './things.ts'

// A change of a resource that a backend depends on, minutes before the backend went down. The API does not show its effect.

/** For each id prefix, an API action that changes such a resource. */
const OPERATIONS: Readonly<Record<string, string>> = {
  sg: 'ModifySecurityGroupPolicies',
  acl: 'ModifyNetworkAclEntries',
  lbl: 'ModifyListener',
  ins: 'RebootInstances',
}

/** Some of the resources that the probes of a backend depend on. */
export const dependsOn = (target: Target): readonly string[] => {
  const { home, backend, listener } = target
  const subnet = home?.regionWorld.subnets.find(({ id }) => id === home.subnetId)
  return [
    listener.id,
    ...(home?.groups ?? []),
    ...(subnet?.aclId ? [subnet.aclId] : []),
    ...(backend.type === 'CVM' && backend.machineId ? [backend.machineId] : []),
  ]
}

export function recordChange(world: World, id: string, secondsBefore: number): void {
  world.audit.push({
    at: Date.parse(ALARMED_AT) / 1000 - secondsBefore,
    event: OPERATIONS[id.split('-')[0] ?? ''] ?? 'ModifyLoadBalancerAttributes',
    write: true,
    resourceType: 'vpc',
    resourceId: id,
    actor: 'sub-account-7',
    sourceIp: '198.51.100.23',
    secretId: 'AKIDnobody',
    token: 'none',
    apiErrorCode: 0,
  })
}

export const changeFaults: readonly Fault[] = [
  {
    code: 'recent-change/before-onset',
    inject(random, { targets }) {
      const target = pickOr(
        random,
        targets.filter(({ home }) => home !== null && !home.vpcId.includes('shanghai')),
      )
      if (!target) return null
      const id = random.pick(dependsOn(target))
      const seconds = 60 + random.below(1800)
      return {
        code: 'recent-change/before-onset',
        kind: 'state',
        what: `${id} was changed ${seconds} s before ${target.backend.ip} went down`,
        subject: `change of ${id}`,
        resources: [id],
        role: 'note',
        ceiling: 'certain',
        apply(world) {
          guestIn(world, target)?.drops.push('0.0.0.0/0', '::/0')
          recordChange(world, id, seconds)
        },
      }
    },
  },
]
