import { readFileSync } from 'node:fs'
import type { AclEntry, NetworkAcl, SecurityGroup } from '../../src/model/snapshot.ts'
import { entry, rule } from './builders.ts'

// Rule lists with the verdicts of a real Linux kernel on real packets. `meta` in the fixture explains the columns.

type Rule = [protocol: string, port: string, cidr: string, action: string]
type Quintuple = Record<
  'protocol' | 'sourceCidr' | 'destinationCidr' | 'sourcePort' | 'destinationPort' | 'action',
  string
>
type Line = Rule | Quintuple
export type Packet = [
  source: string,
  sourcePort: number,
  destination: string,
  protocol: string,
  port: number,
  verdict: 'allow' | 'deny',
  droppedAt: 'acl-in' | 'sg-in' | 'acl-out' | null,
  aclIn: number | null,
  group: [number, number] | -1 | null,
  aclOut: number | null,
]

export interface Case {
  readonly id: string
  readonly tag: string
  readonly sgs: Rule[][]
  readonly acl: { ingress: Line[]; egress: Line[] } | null
  readonly aclEgressPort?: 'src'
  readonly probes: Packet[]
  /** The parts of 100.64.0.0/10 that got through in both directions. Null if this depends on more than the address. */
  readonly coverage: {
    readonly proto: string
    readonly dport: number
    readonly ranges: readonly (readonly [from: string, to: string, verdict: 'allow' | 'deny'])[]
  } | null
}

export const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/policy-cases.json', import.meta.url), 'utf8'),
) as { cases: Case[] }

const source = (cidr: string) => (cidr.includes(':') ? { ipv6Cidr: cidr } : { cidr })

export const groupsOf = ({ sgs }: Case): SecurityGroup[] =>
  sgs.map((rules, i) => ({
    id: `sg-${i}`,
    region: 'ap-guangzhou',
    version: null,
    ingress: rules.map(([protocol, port, cidr, action], index) =>
      rule({ index, protocol, port, action, ...source(cidr) }),
    ),
  }))

export function aclOf({ acl }: Case): NetworkAcl | null {
  if (!acl) return null
  const quintuple = [...acl.ingress, ...acl.egress].some((line) => !Array.isArray(line))
  const lines = (list: Line[]): AclEntry[] =>
    list.map((line, priority) => {
      if (!Array.isArray(line)) return entry({ ...line, priority })
      const [protocol, port, cidr, action] = line
      return entry({
        priority,
        protocol,
        port,
        action,
        ...source(cidr),
      })
    })
  return {
    id: 'acl-0',
    name: '',
    vpcId: null,
    region: 'ap-guangzhou',
    subnetIds: null,
    kind: quintuple ? 'quintuple' : 'triple',
    ingress: lines(acl.ingress),
    egress: lines(acl.egress),
  }
}
