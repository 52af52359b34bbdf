import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aclEdits } from '../../src/diagnosis/fixes/acl-edits.ts'
import { groupEdits } from '../../src/diagnosis/fixes/group-edits.ts'
import { openingsOf } from '../../src/diagnosis/fixes/openings.ts'
import { known } from '../../src/model/fact.ts'
import type { AclEntry, NetworkAcl, SecurityRule, Snapshot } from '../../src/model/snapshot.ts'
import { evaluatePaths } from '../../src/path/index.ts'
import { type AddressSet, everything, subtract, unionOf } from '../../src/rules/addresses.ts'
import { PROBE_100_64, type Probe, toCidrs } from '../../src/rules/index.ts'
import { readSecurityGroups } from '../../src/snapshot/security-groups.ts'
import { entry, judgeGroups, judgeIngress, judgeReply } from '../rules/builders.ts'
import { sessionOf } from '../support/cloud.ts'
import { acl, group, healthCheck, snapshotOf } from '../support/snapshots.ts'

const rules: fc.Arbitrary<Partial<SecurityRule>[]> = fc.array(
  fc.record({
    protocol: fc.constantFrom('TCP', 'UDP'),
    port: fc.constantFrom('8080', '80-9000', 'ALL', 'eighty'),
    cidr: fc.constantFrom(
      '100.64.0.0/11',
      '100.96.0.0/11',
      '100.64.0.0/10',
      '100.0.0.0/8',
      '10.0.0.0/8',
      '0.0.0.0/0',
    ),
    action: fc.constantFrom('ACCEPT', 'DROP', 'PERHAPS'),
  }),
  { maxLength: 5 },
)

const IDS = ['sg-a', 'sg-b', 'sg-c']

const groupsIn = (snapshot: Snapshot, ids: readonly string[]) =>
  ids.flatMap((id) => known(snapshot.securityGroups[id]) ?? [])

/** The accepted, the denied and the unknown sources of all IPv4. */
const verdictsOn = (snapshot: Snapshot, ids: readonly string[], asked: Pick<Probe, 'protocol' | 'port'>) => {
  const { pieces } = judgeGroups(groupsIn(snapshot, ids), {
    sources: everything(4),
    destination: '10.0.1.16',
    ...asked,
  })
  return (['accept', 'deny', 'unknown'] as const).map((verdict) =>
    unionOf(
      4,
      pieces.filter((piece) => piece.verdict === verdict).map(({ sources }) => sources),
    ),
  )
}

describe('a fix of a security group', () => {
  it('lets all probes in and changes the verdict of no other address, port or protocol', () => {
    let changed = 0
    fc.assert(
      fc.property(fc.array(rules, { minLength: 1, maxLength: 3 }), (lists) => {
        const ids = IDS.slice(0, lists.length)
        const snapshot = snapshotOf({
          listener: { healthCheck: healthCheck({ sourceIpType: 1 }) },
          machines: [{ host: 16, status: 'Dead', groups: ids }],
          groups: lists.map((list, i) => group(IDS[i] ?? '', list)),
        })
        const targets = evaluatePaths(snapshot).pools.flatMap((pool) => pool.targets)
        const changes = groupEdits(targets, openingsOf(targets, snapshot), snapshot)
        for (const change of changes) {
          changed++
          const probe = { protocol: 'tcp', port: 8080 } as const
          const [accepted] = verdictsOn(change.snapshot, ids, probe)
          expect(accepted && toCidrs(subtract(PROBE_100_64, accepted))).toEqual([])
          const beside = (of: Snapshot) =>
            verdictsOn(of, ids, probe).map((set) => toCidrs(subtract(set, PROBE_100_64)))
          expect(beside(change.snapshot)).toEqual(beside(snapshot))
          for (const other of [
            { protocol: 'tcp', port: 8081 },
            { protocol: 'udp', port: 8080 },
            { protocol: 'icmp', port: null },
          ] as const)
            expect(verdictsOn(change.snapshot, ids, other)).toEqual(verdictsOn(snapshot, ids, other))
        }
      }),
      { numRuns: 400 },
    )
    expect(changed).toBeGreaterThan(200)
  })

  it('sends rules that are the evaluated rules when they are read back', async () => {
    const cidrs = fc.constantFrom('203.0.113.26/32', '100.64.0.0/10', '2001:db8::1/128')
    const openings = fc.array(
      fc.record({
        protocol: fc.constantFrom('tcp', 'udp', 'icmp', 'icmpv6'),
        ports: fc.option(
          fc
            .integer({ min: 1, max: 65000 })
            .chain((from) => fc.constantFrom(from, from + 2).map((to) => ({ from, to }))),
        ),
        cidr: cidrs,
        targets: fc.constant([]),
      }),
      { minLength: 1, maxLength: 3 },
    )
    await fc.assert(
      fc.asyncProperty(openings, async (list) => {
        const snapshot = snapshotOf({
          machines: [{ host: 16, status: 'Dead', groups: ['sg-a'] }],
          groups: [group('sg-a', [])],
        })
        const targets = evaluatePaths(snapshot).pools.flatMap((pool) => pool.targets)
        const [change] = groupEdits(targets, list, snapshot)
        const [command] = change?.commands ?? []
        const sent = JSON.parse(/'(\{.*\})'$/.exec(command?.line ?? '')?.[1] ?? '{}')
        // The platform assigns PolicyIndex.
        const numbered = sent.Ingress.map((rule: object, i: number) => ({ PolicyIndex: i, ...rule }))
        const cloud = sessionOf(() => ({ SecurityGroupPolicySet: { ...sent, Ingress: numbered } }))
        const read = known(
          (await readSecurityGroups(cloud, ['sg-a'], { region: 'ap-guangzhou', wave: 1 }))['sg-a'],
        )
        // The platform raises Version with each change.
        const changed = change && known(change.snapshot.securityGroups['sg-a'])
        expect(read && { ...read, version: null }).toEqual(changed)
      }),
    )
  })
})

describe('a fix of a network ACL', () => {
  const entries = (families: readonly string[]) =>
    fc.array(
      fc.record({
        protocol: fc.constantFrom('TCP', 'UDP', 'ALL'),
        port: fc.constantFrom('8080', '80', '1024-65535', '1024-2047', 'ALL'),
        cidr: fc.constantFrom(...families),
        action: fc.constantFrom('ACCEPT', 'DROP'),
      }),
      { maxLength: 5 },
    )
  const listed = (list: readonly Partial<AclEntry>[]) =>
    list.map((one, i) =>
      entry({ ...one, priority: i + 1, port: one.protocol === 'ALL' ? 'ALL' : (one.port ?? null) }),
    )
  const four = ['100.64.0.0/11', '100.96.0.0/11', '100.64.0.0/10', '10.0.0.0/8', '0.0.0.0/0']

  it.each(['ingress', 'egress'] as const)(
    'lets all probes or replies through and changes the verdict of no other address: %s',
    (direction) => {
      let proven = 0
      fc.assert(
        fc.property(entries(four), (list) => {
          const acls = [acl({ ingress: [], egress: [], [direction]: listed(list) })]
          const snapshot = snapshotOf({
            listener: { healthCheck: healthCheck({ sourceIpType: 1 }) },
            subnet: { networkAclId: 'acl-web' },
            machines: [{ host: 16, status: 'Dead' }],
            acls,
          })
          const targets = evaluatePaths(snapshot).pools.flatMap((pool) => pool.targets)
          const openings = openingsOf(targets, snapshot)
          const [change] = aclEdits('acl-web', direction, targets, openings, snapshot)
          const [before, after] = [snapshot, change?.snapshot].map(
            (one) => one && known(one.networkAcls['acl-web']),
          )
          if (!before || !after) throw new Error('no ACL')
          const probe = (sources: AddressSet, port: number, protocol: Probe['protocol'] = 'tcp'): Probe => ({
            sources,
            destination: '10.0.1.16',
            protocol,
            port,
          })
          const judge = (of: NetworkAcl, asked: Probe) =>
            direction === 'ingress'
              ? [judgeIngress(of, asked)]
              : [judgeReply(of, asked, 'destination'), judgeReply(of, asked, 'source')]
          for (const { verdict } of judge(after, probe(PROBE_100_64, 8080))) expect(verdict).toBe('pass')
          proven++
          const elsewhere = subtract(everything(4), PROBE_100_64)
          const words = (of: NetworkAcl, asked: Probe) =>
            judge(of, asked).map(({ pieces }) =>
              pieces.map(({ verdict, sources, ports }) => `${verdict} ${toCidrs(sources)} ${ports}`).sort(),
            )
          for (const asked of [probe(elsewhere, 8080), probe(everything(4), 8080, 'udp')])
            expect(words(after, asked)).toEqual(words(before, asked))
          if (direction === 'ingress')
            expect(words(after, probe(everything(4), 8081))).toEqual(
              words(before, probe(everything(4), 8081)),
            )
        }),
        { numRuns: 200 },
      )
      expect(proven).toBeGreaterThan(100)
    },
  )
})
