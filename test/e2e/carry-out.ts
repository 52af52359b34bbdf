import type { Fix } from '../../src/model/diagnosis.ts'
import type { Acl, AclEntry, GroupRule, World } from '../../src/simulator/world.ts'

// The commands of fixes, carried out on a simulated world as the API would.

function destinationOf({ DestinationCidr, DestinationIPv6Cidr }: Rule) {
  const destinationCidr = DestinationCidr ?? DestinationIPv6Cidr
  return destinationCidr === undefined ? {} : { destinationCidr }
}

/** Carries out the command of a fix on the world, as the API would. */
export function carryOut(world: World, { fix }: { readonly fix: Fix | null }): void {
  for (const { tool, line } of fix?.commands ?? []) if (tool === 'tccli') carryOutLine(world, line)
}

type Rule = Readonly<Record<string, string>>

function carryOutLine(world: World, line: string): void {
  // A shell ends the quotes at each '\\'' and opens them again.
  const json = JSON.parse(/'([{[].*[}\]])'$/.exec(line)?.[1]?.replaceAll("'\\''", "'") ?? '{}')
  const action = line.split(' ')[2] ?? ''
  const group = world.groups.find(({ id }) => line.includes(`--SecurityGroupId ${id} `))
  if (group) {
    const rules = json.Ingress.map(groupRuleOf)
    const [{ PolicyIndex: at }] = json.Ingress
    if (action === 'ModifySecurityGroupPolicies') group.rules.splice(0, group.rules.length, ...rules)
    else if (action === 'DeleteSecurityGroupPolicies') group.rules.splice(at, 1)
    else if (action === 'ReplaceSecurityGroupPolicy') group.rules.splice(at, 1, ...rules)
    else group.rules.splice(at ?? group.rules.length, 0, ...rules)
  }
  const own = world.acls.find(({ id }) => line.includes(`--NetworkAclId ${id} `))
  if (own && action === 'DisassociateNetworkAclSubnets') {
    for (const subnet of world.subnets) if (json.includes(subnet.id)) subnet.aclId = null
  } else if (own)
    for (const [direction, list] of [
      ['ingress', json.Ingress],
      ['egress', json.Egress],
    ] as const)
      if (list) changeEntries(own, direction, action, list)
}

const groupRuleOf = (one: Rule): GroupRule => ({
  protocol: one.Protocol ?? '',
  port: one.Port ?? 'ALL',
  source: one.CidrBlock ?? one.Ipv6CidrBlock ?? '',
  action: one.Action === 'DROP' ? 'DROP' : 'ACCEPT',
})

type Direction = 'ingress' | 'egress'

function changeEntries(own: Acl, direction: Direction, action: string, list: readonly Rule[]): void {
  if (action.startsWith('Delete')) {
    const ids = list.flatMap((one) => Object.values(one))
    own[direction] = own[direction].filter((_, i) => !ids.includes(entryIdOf(own, direction, i)))
    return
  }
  if (action.startsWith('Modify')) own[direction] = []
  const entries = list.map((one) => ({
    protocol: one.Protocol ?? '',
    port: one.Port ?? one.DestinationPort ?? '',
    cidr: one.CidrBlock ?? one.Ipv6CidrBlock ?? one.SourceCidr ?? one.SourceIPv6Cidr ?? '',
    ...(one.SourcePort ? { sourcePort: one.SourcePort } : {}),
    ...destinationOf(one),
    action: one.Action?.toLowerCase() === 'drop' ? ('Drop' as const) : ('Accept' as const),
  }))
  for (const [i, entry] of entries.entries()) insert(own, direction, entry, Number(list[i]?.Priority))
}

/** The ids that the simulator gives its entries. */
function entryIdOf({ type, ...lists }: Acl, direction: Direction, i: number): string {
  if (type === 'QUINTUPLE') return `acli5-${direction === 'ingress' ? 'i' : 'e'}${i}`
  const family = lists[direction][i]?.cidr.includes(':') ? 6 : 4
  return `acli${family}3-${String(i).padStart(8, '0')}`
}

/** Numbers entries as the simulator does: IPv4 and IPv6 apart in a triple ACL, together in a quintuple ACL. */
function insert(acl: Acl, direction: Direction, entry: AclEntry, priority: number): void {
  const list = acl[direction]
  const isSix = (one: AclEntry): boolean => one.cidr.includes(':')
  const counts = (one: AclEntry): boolean => acl.type === 'QUINTUPLE' || isSix(one) === isSix(entry)
  let before = priority - 1
  const at = list.findIndex((one) => counts(one) && before-- === 0)
  list.splice(at < 0 ? list.length : at, 0, entry)
}
