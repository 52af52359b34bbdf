import { portsBehind } from '../../../src/simulator/packets.ts'
import type { AclEntry, GroupRule, World } from '../../../src/simulator/world.ts'
import type { Random } from '../random.ts'
import { type Fault, type Injection, pickOr, type Site, siteOf, type Target } from './fault.ts'
import { aclIn, checkIn, groupIn, subnetIn } from './things.ts'

// Groups and ACLs that drop some of the ports behind a listener for a range of ports, or all of them.

const isProbedSomewhere = ({ world }: Site, { listener, rule }: Target): boolean => {
  const check = checkIn(world, rule)
  return listener.endPort !== undefined && check.type !== 'PING' && check.port === null
}

interface Part {
  readonly what: string
  of(from: number, to: number): string
}

const WHOLE: Part = { what: 'all ports', of: (from, to) => `${from}-${to}` }
const PARTS: readonly Part[] = [
  { what: 'the first port', of: (from) => `${from}` },
  { what: 'the last port', of: (_, to) => `${to}` },
  { what: 'all but the first port', of: (from, to) => `${from + 1}-${to}` },
  { what: 'all but the last port', of: (from, to) => `${from}-${to - 1}` },
  { what: 'the first half of the ports', of: (from, to) => `${from}-${Math.floor((from + to) / 2)}` },
]

interface Edit {
  readonly what: string
  readonly subject: string
  apply(world: World): void
}

const groupEdit = (id: string, ports: string, what: string): Edit => ({
  what: `${id}: a DROP of ${what} on top`,
  subject: id,
  apply(world) {
    const made = ['TCP', 'UDP'].map(
      (protocol): GroupRule => ({
        protocol,
        port: ports,
        source: '0.0.0.0/0',
        action: 'DROP',
        note: 'old ports',
      }),
    )
    groupIn(world, id)?.rules.unshift(...made)
  },
})

const aclEdit = (id: string, ports: string, what: string): Edit => ({
  what: `ingress of ${id}: a Drop of ${what} on top`,
  subject: `${id} ingress`,
  apply(world) {
    const acl = aclIn(world, id)
    const five = acl?.type === 'QUINTUPLE' ? { sourcePort: 'ALL', destinationCidr: '0.0.0.0/0' } : {}
    const made = ['tcp', 'udp'].map(
      (protocol): AclEntry => ({ protocol, port: ports, cidr: '0.0.0.0/0', action: 'Drop', ...five }),
    )
    acl?.ingress.unshift(...made)
  },
})

function editOf(random: Random, site: Site, parts: readonly Part[]): Edit | null {
  const target = pickOr(
    random,
    site.targets.filter((one) => isProbedSomewhere(site, one) && one.home?.vpcId === site.front.vpcId),
  )
  if (!target?.home) return null
  const ports = portsBehind(target.listener, target.backend)
  const { what, of } = random.pick(parts)
  const text = of(ports[0] ?? 0, ports.at(-1) ?? 0)
  const group = pickOr(random, target.home.groups)
  const aclId = subnetIn(site.world, target.home.subnetId)?.aclId ?? null
  if (aclId !== null && (group === null || random.chance(0.5))) return aclEdit(aclId, text, what)
  return group === null ? null : groupEdit(group, text, what)
}

/** Some of the ports are dropped. The CLB stays healthy if these are not the ones that are probed. */
export function rangeDecoy(random: Random, world: World): void {
  const edit = editOf(random, siteOf(world), PARTS)
  if (!edit) return
  const tried = structuredClone(world)
  edit.apply(tried)
  if (siteOf(tried).targets.every((target) => target.status() === 'Alive')) edit.apply(world)
}

const fault = (code: string, parts: readonly Part[]): Fault => ({
  code,
  inject(random, site): Injection | null {
    const edit = editOf(random, site, parts)
    return edit && { code, kind: 'unclear', ...edit }
  },
})

export const rangeFaults: readonly Fault[] = [
  fault('rules/some-ports', PARTS),
  fault('rules/all-ports', [WHOLE]),
]
