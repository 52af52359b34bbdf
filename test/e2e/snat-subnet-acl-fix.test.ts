import { describe, expect, it } from 'vitest'
import type { Fix } from '../../src/model/diagnosis.ts'
import { SHOP } from '../../src/simulator/base.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import type { AclEntry, World } from '../../src/simulator/world.ts'
import { lookAt } from '../simulator/support.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import { carryOut } from './carry-out.ts'

// The network ACL of the subnet of the SNAT IPs. The command of the fix is carried out as the API would do it, and the
// backends behind CCN come back. This holds for both documented meanings of an egress port.

const open: AclEntry = { protocol: 'all', port: '', cidr: '0.0.0.0/0', action: 'Accept' }
const inVpc: AclEntry = { ...open, cidr: '10.0.0.0/16' }
const deny: AclEntry = { ...open, action: 'Drop' }

interface Rules {
  readonly type: 'TRIPLE' | 'QUINTUPLE'
  readonly ingress: readonly AclEntry[]
  readonly egress: readonly AclEntry[]
}

function closed(rules: Rules): World {
  const world = SCENARIOS.find(({ name }) => name === 'snat-subnet-acl')?.build()
  if (!world) throw new Error('no scenario')
  for (const acl of world.acls) if (acl.id === 'acl-clb00001') Object.assign(acl, structuredClone(rules))
  return world
}

const statuses = (world: World) => lookAt(world, SHOP).map(({ status }) => status)

/** The summary says exactly what the command does, and a note why it opens more. */
function expectSaid({ summary, notes = [] }: Fix, line: string, type: Rules['type']): void {
  const body = JSON.parse(/'(\{.*\})'$/.exec(line)?.[1] ?? '{}')
  expect([summary.includes('outbound to'), summary.includes('inbound from')]).toEqual([
    body.Egress !== undefined,
    body.Ingress !== undefined,
  ])
  for (const { Protocol, Port, DestinationPort } of [...(body.Egress ?? []), ...(body.Ingress ?? [])])
    expect(summary).toContain(`${Protocol} ${Port ?? DestinationPort}`)
  expect(notes.some((note) => note.includes('documents do not agree'))).toBe(
    type === 'TRIPLE' && body.Egress !== undefined,
  )
}

describe('the fix for the network ACL of the SNAT subnet', () => {
  it.each<[string, Rules]>([
    ['a triple ACL that lets nothing out', { type: 'TRIPLE', ingress: [open], egress: [inVpc] }],
    ['a triple ACL that lets no reply back in', { type: 'TRIPLE', ingress: [inVpc], egress: [open] }],
    ['a triple ACL that is closed both ways', { type: 'TRIPLE', ingress: [deny], egress: [inVpc, deny] }],
    ['a quintuple ACL that lets nothing out', { type: 'QUINTUPLE', ingress: [open], egress: [] }],
    ['a quintuple ACL that lets no reply back in', { type: 'QUINTUPLE', ingress: [deny], egress: [open] }],
    ['a quintuple ACL that is closed both ways', { type: 'QUINTUPLE', ingress: [], egress: [] }],
  ])('repairs %s, and is verified', async (_, rules) => {
    for (const aclEgressPort of ['destination', 'source'] as const) {
      const world = closed(rules)
      Object.assign(world, { aclEgressPort })
      const { diagnosis } = await diagnoseSimulated(world)
      const cause = diagnosis.findings.find(({ code }) => code === 'snat/snat-subnet-acl')
      expect(cause).toMatchObject({ role: 'cause', fix: { verified: true } })
      expect(statuses(world)).toEqual(['Dead', 'Dead'])
      if (cause?.fix) expectSaid(cause.fix, cause.fix.commands?.[0]?.line ?? '', rules.type)
      if (cause) carryOut(world, cause)
      expect([aclEgressPort, ...statuses(world)]).toEqual([aclEgressPort, 'Alive', 'Alive'])
    }
  })
})
