import { openAcl } from '../../../src/simulator/base.ts'
import type { AclEntry, World } from '../../../src/simulator/world.ts'
import { SNAT_SUBNET } from '../healthy.ts'
import type { Random } from '../random.ts'
import { distinct, type Fault, type Injection, isService, pickOr, type Target } from './fault.ts'
import { aclIn, subnetIn } from './things.ts'

// Network ACLs that block all or a part of the probes or of their replies.

type Direction = 'ingress' | 'egress'

interface Change {
  readonly what: string
  readonly made: readonly AclEntry[]
  /** True if `made` replaces the other entries; false if it comes before them. */
  readonly replaces: boolean
}

const BOTH = ['0.0.0.0/0', '::/0'] as const
const deny = (cidr: string): AclEntry => ({ protocol: 'all', port: '', cidr, action: 'Drop' })
const accept = (protocol: string, port: string, cidr: string): AclEntry => ({
  protocol,
  port,
  cidr,
  action: 'Accept',
})
const onTop = (what: string, ...made: readonly AclEntry[]): Change => ({ what, made, replaces: false })
const instead = (what: string, ...made: readonly AclEntry[]): Change => ({ what, made, replaces: true })
const onlyPorts = (ports: string): Change =>
  instead(`only TCP ports ${ports}`, ...BOTH.map((cidr) => accept('tcp', ports, cidr)))

const WHOLE: readonly Change[] = [
  onTop('a Drop of everything', ...BOTH.map(deny)),
  instead('only ssh from the office', accept('tcp', '22', '198.51.100.0/24')),
  instead('no entries'),
]
/** What is open is less than one in a thousand of the probe range. */
const ONE_PROBER = instead('only one address of the probe range', accept('all', '', '100.100.1.1/32'))
const PART: readonly Change[] = [
  onTop('a Drop of half the probe range', deny('100.64.0.0/11')),
  onTop('a Drop of one SNAT IP', deny('10.0.9.201/32')),
]

const CHANGES = {
  'whole ingress': [...WHOLE, ONE_PROBER],
  'whole egress': [
    ...WHOLE,
    ONE_PROBER,
    onlyPorts('1-1023'),
    onlyPorts('1024-65535'),
    onlyPorts('32768-65535'),
    onlyPorts('8443'),
  ],
  'part ingress': PART,
  'part egress': [...PART, onlyPorts('1-60999')],
} as const

/** The quintuple form of an entry: outbound, the CIDR becomes the destination. */
const five = (entry: AclEntry, direction: Direction): AclEntry => {
  const any = entry.cidr.includes(':') ? '::/0' : '0.0.0.0/0'
  const [cidr, destinationCidr] = direction === 'ingress' ? [entry.cidr, any] : [any, entry.cidr]
  return { ...entry, cidr, destinationCidr, sourcePort: 'ALL' }
}

function applyTo(world: World, subnetId: string, direction: Direction, { made, replaces }: Change): void {
  const subnet = subnetIn(world, subnetId)
  if (!subnet) throw new Error(subnetId)
  if (subnet.aclId === null) {
    const open = BOTH.map((cidr) => accept('all', '', cidr))
    const id = `acl-new${subnetId.slice(-5)}`
    const place = Object.values(world.others).find(({ subnets }) => subnets.includes(subnet)) ?? world
    place.acls.push(openAcl({ id, vpcId: subnet.vpcId, ingress: [...open], egress: [...open] }))
    subnet.aclId = id
  }
  const acl = aclIn(world, subnet.aclId)
  if (!acl) throw new Error(subnet.aclId)
  const entries = acl.type === 'QUINTUPLE' ? made.map((entry) => five(entry, direction)) : made
  acl[direction] = replaces ? [...entries] : [...entries, ...acl[direction]]
}

function injection(
  random: Random,
  world: World,
  code: string,
  subnets: readonly string[],
  direction: Direction,
  changes: readonly Change[],
): Injection | null {
  const id = pickOr(random, subnets)
  if (id === null) return null
  const change = random.pick(changes)
  return {
    code,
    kind: 'gate',
    what: `${direction} of the ACL of ${id}: ${change.what}`,
    subject: `${subnetIn(world, id)?.aclId ?? id} ${direction}`,
    apply: (changed) => applyTo(changed, id, direction, change),
  }
}

const aclFault = (code: string, extent: keyof typeof CHANGES, isOf: (target: Target) => boolean): Fault => ({
  code,
  inject(random, { targets, world }) {
    const ids = targets.filter(isOf).flatMap(({ home }) => home?.subnetId ?? [])
    const direction = extent.endsWith('ingress') ? 'ingress' : 'egress'
    return injection(random, world, code, distinct(ids), direction, CHANGES[extent])
  },
})

const ofMachine = (target: Target): boolean => !isService(target)

export const aclFaults: readonly Fault[] = [
  aclFault('network-acl/probe-blocked', 'whole ingress', ofMachine),
  aclFault('network-acl/reply-blocked', 'whole egress', ofMachine),
  aclFault('network-acl/probe-partly-blocked', 'part ingress', ofMachine),
  aclFault('network-acl/reply-partly-blocked', 'part egress', ofMachine),
  aclFault('managed-service/acl-blocks-probe', 'whole ingress', isService),
  aclFault('managed-service/acl-blocks-reply', 'whole egress', isService),
  {
    code: 'snat/snat-subnet-acl',
    inject(random, { front, targets, world }) {
      if (front.snatIps.length === 0 || !targets.some(({ backend }) => backend.type === 'CCN')) return null
      const direction = random.pick(['ingress', 'egress'] as const)
      return injection(
        random,
        world,
        'snat/snat-subnet-acl',
        [SNAT_SUBNET],
        direction,
        CHANGES[`whole ${direction}`],
      )
    },
  },
]
