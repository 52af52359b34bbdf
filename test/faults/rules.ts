import { openAcl } from '../../src/simulator/base.ts'
import type { Acl, AclEntry, GroupRule, World } from '../../src/simulator/world.ts'
import { type Need, portsOf } from './plan.ts'
import type { Random } from './random.ts'

// Rules that let the needed traffic in, in varying forms, mixed with unrelated rules.

export const OFFICE: GroupRule = {
  protocol: 'TCP',
  port: '22',
  source: '198.51.100.0/24',
  action: 'ACCEPT',
  note: 'office ssh',
}
const NOISE: readonly GroupRule[] = [
  OFFICE,
  { protocol: 'TCP', port: '3389', source: '0.0.0.0/0', action: 'DROP', note: 'no rdp' },
  { protocol: 'ALL', port: 'ALL', source: '192.0.2.0/24', action: 'DROP', note: 'scanners' },
]
const REST: GroupRule = {
  protocol: 'ALL',
  port: 'ALL',
  source: '0.0.0.0/0',
  action: 'DROP',
  note: 'all else',
}

const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)]
const isSix = (cidr: string): boolean => cidr.includes(':')

export function lettingRules(random: Random, world: World, id: string, needs: readonly Need[]): GroupRule[] {
  const noise = NOISE.filter(() => random.chance(0.3))
  const style = random.pick(['open', 'precise', 'precise', 'address-template', 'service-template'] as const)
  const rest = random.chance(0.5) ? [REST] : []
  if (style === 'open')
    return [
      ...noise,
      ...['0.0.0.0/0', '::/0'].map((source): GroupRule => ({ ...REST, source, action: 'ACCEPT' })),
    ]
  const wanted = distinct(needs.flatMap(({ sources }) => sources))
  const sources = style === 'address-template' ? [addressTemplate(random, world, id, wanted)] : wanted
  return [...noise, ...sources.flatMap((source) => rulesFrom(source, style, world, id, needs)), ...rest]
}

function rulesFrom(
  source: string,
  style: string,
  world: World,
  id: string,
  needs: readonly Need[],
): readonly GroupRule[] {
  const own = needs.filter(({ sources }) => source.startsWith('ipm') || sources.includes(source))
  const services = distinct(own.map(({ protocol }) => protocol)).map((protocol) => ({
    protocol: protocol.toUpperCase(),
    port: protocol.startsWith('icmp')
      ? 'ALL'
      : distinct(own.filter((need) => need.protocol === protocol).map(portsOf)).join(),
  }))
  const plain = services.map((service): GroupRule => ({ ...service, source, action: 'ACCEPT', note: 'CLB' }))
  if (style !== 'service-template') return plain
  const service = `ppm-${id.slice(3)}`
  world.serviceTemplates[service] = distinct([
    ...(world.serviceTemplates[service] ?? []),
    ...services.map(({ protocol, port }) => `${protocol}:${port}`),
  ]).slice()
  return [{ protocol: '', port: '', service, source, action: 'ACCEPT', note: 'CLB' }]
}

function addressTemplate(random: Random, world: World, id: string, sources: readonly string[]): string {
  const [template, group] = [`ipm-${id.slice(3)}`, `ipmg-${id.slice(3)}`]
  world.addressTemplates[template] = [...sources, '198.51.100.7']
  if (!random.chance(0.4)) return template
  world.addressGroups[group] = [template]
  return group
}

/** An ACL that lets in the needed traffic and lets out the replies; null for no ACL. */
export function lettingAcl(
  random: Random,
  id: string,
  needs: readonly Need[],
  reading: World['aclEgressPort'],
): Acl | null {
  const style = random.pick(['none', 'none', 'open', 'triple', 'triple', 'quintuple'] as const)
  if (style === 'none') return null
  const both = (action: AclEntry['action']): AclEntry[] =>
    ['0.0.0.0/0', '::/0'].map((cidr) => ({ protocol: 'all', port: '', cidr, action }))
  const made = openAcl({ id, name: id, ingress: both('Accept'), egress: both('Accept') })
  if (style === 'open') return made
  const scanners: AclEntry = { protocol: 'all', port: '', cidr: '192.0.2.0/24', action: 'Drop' }
  const noise = random.chance(0.3) ? [scanners] : []
  const rest = random.chance(0.5) ? both('Drop') : []
  const flows = distinct(
    needs.flatMap((need) => need.sources.map((cidr) => `${need.protocol} ${portsOf(need)} ${cidr}`)),
  )
  // Tight entries let replies out only under the meaning of the port that applies. Others do so under both meanings.
  const isTight = reading === 'destination' && random.chance(0.15)
  const entries = (port: (own: string) => string): AclEntry[] => [
    ...new Map(
      flows.map((flow) => {
        const [protocol = '', own = '', cidr = ''] = flow.split(' ')
        const entry = {
          protocol,
          port: protocol.startsWith('icmp') ? '' : port(own),
          cidr,
          action: 'Accept' as const,
        }
        return [JSON.stringify(entry), entry]
      }),
    ).values(),
  ]
  const reply = (own: string): string => (isTight || Number(own.split('-')[0]) >= 1024 ? '1024-65535' : 'ALL')
  if (style === 'triple')
    return {
      ...made,
      ingress: [...noise, ...entries((own) => own), ...rest],
      egress: [...noise, ...entries(reply), ...rest],
    }
  const five = (entry: AclEntry): AclEntry => ({
    ...entry,
    sourcePort: 'ALL',
    destinationCidr: isSix(entry.cidr) ? '::/0' : '0.0.0.0/0',
  })
  const replies = entries(() => '1024-65535').map(
    (entry): AclEntry => ({
      ...entry,
      sourcePort: 'ALL',
      cidr: isSix(entry.cidr) ? '::/0' : '0.0.0.0/0',
      destinationCidr: entry.cidr,
    }),
  )
  return { ...made, type: 'QUINTUPLE', ingress: entries((own) => own).map(five), egress: replies }
}
