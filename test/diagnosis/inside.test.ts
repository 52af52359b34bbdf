import { describe, expect, it } from 'vitest'
import { entry } from '../rules/builders.ts'
import { findingOf, gapOf } from '../support/findings.ts'
import { type Inside, type LookedWorld, lookedInto } from '../support/guests.ts'
import { renderWecom } from '../support/renderings.ts'
import { acl, drop, findingsOf, group, healthCheck, type World } from '../support/snapshots.ts'

// What a look inside a machine says about causes that only the API shows, for and against them.

const range = { healthCheck: healthCheck({ sourceIpType: 1 }) }
const http = (fields: Parameters<typeof healthCheck>[0] = {}) => ({
  healthCheck: healthCheck({
    sourceIpType: 1,
    type: 'HTTP',
    method: 'HEAD',
    path: '/',
    httpCodes: 15,
    ...fields,
  }),
})
const denying = (fields: Partial<World> = {}): Partial<World> => ({
  groups: [
    group('sg-a', [
      drop('100.64.0.0/10'),
      { protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' },
    ]),
  ],
  listener: range,
  ...fields,
})
const world = (fields: Partial<World>, inside: Inside): LookedWorld => ({
  machines: [{ host: 16, status: 'Dead', groups: ['sg-a'] }],
  ...fields,
  inside: { 16: inside },
})
const PEER = ['100.64.12.5/32']
const PEERS = ['100.64.12.5'] as const
const KEY = 'lbl-aaaaaaaa/-/10.0.1.16:8080'

describe('a connection with a probe on the machine of a Dead backend', () => {
  const code = 'security-group/probe-blocked'

  it('refutes a group that should drop it, and the finding says why', () => {
    const before = lookedInto(world(denying(), {}))
    expect(findingsOf(before)).toContain(`${code} cause possible → 16`)
    const found = findingOf(lookedInto(world(denying(), { connected: PEER })), code)
    expect(found).toMatchObject({ role: 'note', certainty: 'possible', explains: [], contradictedBy: [KEY] })
    expect(found.title).toContain('yet 1 backend behind it has connections with probes')
    expect(found.fix).toBeNull()
  })

  it('refutes it in the other language, too', () => {
    const found = findingOf(lookedInto(world(denying(), { connected: PEER }), 'zh-CN'), code)
    expect(found.title).toContain('但 1 个后端上有探测建立的连接')
  })

  it('refutes it also half-open: the packets get in', () => {
    expect(findingOf(lookedInto(world(denying(), { halfOpen: PEER })), code).role).toBe('note')
  })

  it('says nothing if it is with addresses that the group does not deny', () => {
    const part = denying({
      groups: [group('sg-a', [drop('100.64.0.0/10')])],
      listener: { healthCheck: healthCheck({ sourceIpType: 0 }) },
    })
    expect(findingOf(lookedInto(world(part, { connected: PEER })), code)).toMatchObject({ role: 'cause' })
  })

  it('refutes it for its own kind of probe source only', () => {
    const machines = [
      { host: 16, status: 'Dead', groups: ['sg-a'] },
      { host: 17, status: 'Dead', groups: ['sg-a'], registration: { type: 'EVM' } },
    ]
    const found = lookedInto({ ...world(denying({ machines }), { connected: PEER }), machines })
    expect(findingsOf(found).filter((one) => one.startsWith(code))).toEqual([`${code} cause possible → 17`])
  })

  it('says nothing if it was seen before the trouble began', () => {
    const replace = { alarmedAt: '2026-11-20T00:30:00.000Z' }
    const found = findingOf(lookedInto(world(denying({ replace }), { connected: PEER })), code)
    expect(found).toMatchObject({ role: 'cause', contradictedBy: [] })
  })

  it('refutes an ACL that should drop the reply only if the reply got out', () => {
    const open = entry({ priority: 1, protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' })
    const replies = {
      machines: [{ host: 16, status: 'Dead' }],
      listener: range,
      subnet: { networkAclId: 'acl-web' },
      acls: [acl({ ingress: [open] })],
    }
    const reply = 'network-acl/reply-blocked'
    expect(findingOf(lookedInto(world(replies, { halfOpen: PEER })), reply).role).toBe('cause')
    expect(findingOf(lookedInto(world(replies, { connected: PEER })), reply).role).toBe('note')
  })

  it('refutes a VIP that stays on the node', () => {
    const node = {
      machines: [{ host: 16, status: 'Dead', registration: { port: 31_080 } }],
      balancer: { networkType: 'INTERNAL', vips: ['10.0.0.9'], tags: { 'tke-clusterId': 'cls-1' } },
      replace: { clusters: { 'cls-1': { state: 'ok', value: { id: 'cls-1', name: '', ipvs: true } } } },
    } as const
    const loopback = 'ipvs-loopback/vip-on-node'
    expect(findingOf(lookedInto(world(node, {})), loopback).role).toBe('cause')
    expect(findingOf(lookedInto(world(node, { connected: ['10.0.0.9/32'] })), loopback).role).toBe('note')
  })
})

describe('an answer to the very request of the check', () => {
  const unusual = { machines: [{ host: 16, status: 'Dead' }], listener: http({ httpCodes: 8 }) }

  it('excludes settings that are suspected', () => {
    const code = 'health-check-config/codes-exclude-2xx'
    const unlooked = lookedInto({ ...world(unusual, {}), inside: {} })
    expect(findingsOf(unlooked)).toContain(`${code} cause possible → 16`)
    expect(findingsOf(lookedInto(world(unusual, {})))).toContain(`${code} risk possible`)
  })

  it('excludes no firewall: the rule is the cause all the same', () => {
    const reason = { code: 'guest-firewall/probe-dropped', certainty: 'likely' } as const
    expect(findingsOf(lookedInto(world(unusual, { reasons: [reason] })))).toContain(
      'guest-firewall/probe-dropped cause likely → 16',
    )
  })

  it('that is wrong makes the setting a contributor behind the proven cause', () => {
    const reason = {
      code: 'guest-http/status-mismatch',
      params: { status: 200 },
      outcome: 'wrong-answer',
    } as const
    const found = findingsOf(lookedInto(world(unusual, { reasons: [reason] })))
    expect(found).toContain('guest-http/status-mismatch cause certain → 16')
    expect(found).toContain('health-check-config/codes-exclude-2xx contributor possible')
  })
})

describe('a Dead backend without a cause', () => {
  const dead = { machines: [{ host: 16, status: 'Dead' }], listener: range }
  const WHAT = 'why this backend fails: 10.0.1.16:8080'

  it('whose machine lets everything through speaks for the way outside, and offers no second look inside', () => {
    const diagnosis = lookedInto(world(dead, {}))
    const gap = gapOf(diagnosis, WHAT)
    expect(gap.why).toContain('inside the machine nothing was found that stops probes')
    expect(gap.why).toContain('2026-11-20 00:00:00 UTC')
    expect(gap.byHand).toEqual(['nc -vz -w 2 10.0.1.16 8080  # from another machine of the VPC'])
    expect(diagnosis.headline).toContain('look at the way in between')
  })

  it('is told which of its own hops is open outside', () => {
    const { instances: _, ...unread } = { instances: {}, interfaces: {} }
    const gap = gapOf(lookedInto(world({ ...dead, replace: { ...unread, instances: {} } }, {})), WHAT)
    expect(gap.why).toContain('Look at what is open outside the machine')
  })

  it('is told that probes get in, and that their replies may be lost', () => {
    expect(gapOf(lookedInto(world(dead, { halfOpen: PEER })), WHAT).why).toContain(
      'half-open connections from 100.64.12.5',
    )
    expect(gapOf(lookedInto(world(dead, { connected: PEER })), WHAT).why).toContain(
      'so they get in and their replies get out',
    )
  })

  it('is told what could not be seen inside, with the steps by hand', () => {
    const open: Inside = {
      parts: [
        {
          sources: ['100.64.0.0/10'],
          outcome: 'unknown',
          stage: 'guest-firewall',
          decidedBy: null,
          code: null,
        },
      ],
      notSeen: [{ layer: 'nft', why: 'tool', what: 'nft' }],
    }
    const diagnosis = lookedInto(world(dead, open))
    const gap = gapOf(diagnosis, WHAT)
    expect(gap.why).toContain('nft (the tool is not there)')
    expect(gap.byHand?.length).toBeGreaterThan(1)
    expect(diagnosis.headline).not.toContain('look outside')
    const [, , hop] = diagnosis.pools[0]?.targets[0]?.path ?? []
    expect(hop).toMatchObject({
      stage: 'guest-firewall',
      verdict: 'unknown',
      unknown: { subject: 'inside 10.0.1.16', reason: 'nft (the tool is not there) could not be read' },
    })
  })

  describe.each([
    [
      'half-open',
      'guest-firewall',
      PEERS,
      'connections of 100.64.12.5 stay half-open',
      'ip route get 100.64.12.5',
    ],
    ['unread', 'application', PEERS, '100.64.12.5 gave up before it had read', 'a look-up of its name'],
    [
      'unacknowledged',
      'application',
      PEERS,
      '100.64.12.5 did not acknowledge the answer',
      'the MTU of the machine',
    ],
    ['unanswered', 'listener', [], 'a connection of the machine to it was not answered', 'bpftool'],
  ] as const)('whose machine shows %s connections', (kind, stage, peers, seen, settle) => {
    const decidedBy = 'what was seen'
    const part = { sources: ['100.64.0.0/10'], outcome: 'unknown', decidedBy, code: null } as const
    const open: Inside = { parts: [{ ...part, stage, observed: { kind, peers } }] }

    it('is told so first, and what settles it', () => {
      const diagnosis = lookedInto(world({ ...dead, listener: http() }, open))
      const summary = renderWecom(diagnosis).replaceAll(/\s+/g, ' ')
      expect(summary).toContain('This could not be judged: inside 10.0.1.16')
      expect(summary).toContain(seen)
      expect(summary).toContain(settle)
      expect(diagnosis.headline).toContain('could not be judged: inside 10.0.1.16')
      expect(diagnosis.headline).not.toContain('outside')
    })

    it('has a gap that says it, and does not ask for a look that was made', () => {
      const gap = gapOf(lookedInto(world({ ...dead, listener: http() }, open)), WHAT)
      expect(gap.why).toContain(seen)
      expect((gap.byHand ?? []).join('\n')).not.toContain('guest-script')
    })
  })

  it('is told that a report was cut, or taken before the trouble', () => {
    const cut = lookedInto(world(dead, { facts: { isComplete: false } }))
    expect(gapOf(cut, WHAT).why).toContain('is not complete')
    const early = lookedInto(world({ ...dead, replace: { alarmedAt: '2026-11-20T00:30:00.000Z' } }, {}))
    expect(gapOf(early, WHAT).why).toContain('before the trouble began')
  })
})

describe('a healthy backend', () => {
  it('answers, whatever its machine says about itself', () => {
    const reasons = [{ code: 'guest-port/not-listening', outcome: 'refused' }] as const
    const diagnosis = lookedInto(
      world({ machines: [{ host: 16, status: 'Alive' }], listener: range }, { reasons }),
    )
    const inside = diagnosis.pools[0]?.targets[0]?.path.slice(2, 5) ?? []
    expect(inside.map(({ stage, verdict }) => [stage, verdict])).toEqual([
      ['guest-firewall', 'pass'],
      ['listener', 'pass'],
      ['application', 'pass'],
    ])
    expect(findingsOf(diagnosis)).toContain('guest-port/not-listening note possible')
  })
})
