import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SecurityRule } from '../../src/model/snapshot.ts'
import { createEvaluator } from '../../src/rules/index.ts'
import { group } from '../support/snapshots.ts'
import { aclWith, noReferences, probeWith, setOf } from './builders.ts'

const FROM = 30_000
const TO = 30_005

const ports = fc.oneof(
  fc.constant('ALL'),
  fc.integer({ min: FROM - 1, max: TO + 1 }).map(String),
  fc
    .tuple(fc.integer({ min: FROM - 1, max: TO }), fc.integer({ min: 0, max: 4 }))
    .map(([from, more]) => `${from}-${from + more}`),
)
const cidr = fc.constantFrom('0.0.0.0/0', '100.64.0.0/11', '100.96.0.0/11', '10.0.0.0/8')
const rules = fc.array(
  fc.record<Partial<SecurityRule>>({
    protocol: fc.constantFrom('TCP', 'UDP'),
    port: ports,
    cidr,
    action: fc.constantFrom('ACCEPT', 'DROP'),
  }),
  { maxLength: 6 },
)
const probe = probeWith({ sources: setOf('100.64.0.0/10'), protocol: 'tcp', port: FROM, endPort: TO })
const single = Array.from({ length: TO - FROM + 1 }, (_, i) => ({ ...probe, port: FROM + i, endPort: null }))

const saying = ({ verdict, blocked }: { verdict: string; blocked: { borders: readonly unknown[] } }) =>
  `${verdict} ${blocked.borders.join()}`

describe('a probe to one of several ports', () => {
  it('gets the answer that every port gets, and is unknown if they get different ones', () => {
    fc.assert(
      fc.property(rules, (own) => {
        const evaluator = createEvaluator(noReferences)
        const groups = [group('sg-1', own)]
        const each = new Set(single.map((one) => saying(evaluator.securityGroups(groups, one))))
        const whole = evaluator.securityGroups(groups, probe)
        const [answer, ...others] = each
        if (others.length > 0) expect(whole.verdict).toBe('unknown')
        else expect(saying(whole)).toBe(answer)
      }),
      { numRuns: 500 },
    )
  })

  it('gets it from an ACL too, in both directions', () => {
    fc.assert(
      fc.property(rules, (own) => {
        const evaluator = createEvaluator(noReferences)
        const entries = own.map(({ protocol = null, port = null, cidr = null, action = null }) => ({
          protocol,
          port,
          cidr,
          action,
        }))
        const ingress = aclWith('triple', 'ingress', entries)
        const egress = aclWith('triple', 'egress', entries)
        for (const judge of [
          (one: typeof probe) => evaluator.aclIngress(ingress, one),
          (one: typeof probe) => evaluator.aclReply(egress, one, 'source'),
          (one: typeof probe) => evaluator.snatSubnetAclOut(egress, one, 'destination'),
          (one: typeof probe) => evaluator.snatSubnetAclBack(ingress, one),
        ]) {
          const each = new Set(single.map((one) => saying(judge(one))))
          if (each.size > 1) expect(judge(probe).verdict).toBe('unknown')
          else expect([...each]).toEqual([saying(judge(probe))])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('gets it from rules with service templates, which may cover the range together', () => {
    const named = (id: string) => ({ service: { id, groupId: null }, cidr: '0.0.0.0/0', action: 'ACCEPT' })
    const judged = (lists: Readonly<Record<string, readonly string[]>>, ids: readonly string[]) =>
      createEvaluator({ ...noReferences, services: ({ id }) => lists[id ?? ''] ?? null }).securityGroups(
        [group('sg-1', ids.map(named))],
        probe,
      )
    const lists = { low: [`tcp:${FROM}-${FROM + 2}`], high: [`tcp:${FROM + 3}-${TO}`] }
    expect(judged(lists, ['low', 'high']).verdict).toBe('pass')
    const part = judged(lists, ['low'])
    expect(part.verdict).toBe('unknown')
    expect(judged({}, ['unread']).verdict).toBe('unknown')
    expect(judged(lists, ['unread', 'low']).verdict).toBe('unknown')
  })

  it('gets it from the rows of an expanded rule', () => {
    const row = { service: null, cidr: '0.0.0.0/0', ipv6Cidr: null, sourceGroupId: null, address: null }
    const expanded = [
      { ...row, protocol: 'TCP', port: `${FROM}-${FROM + 1}` },
      { ...row, protocol: 'TCP', port: `${FROM + 2}-${TO}` },
    ]
    const own = { cidr: '0.0.0.0/0', service: { id: 'x', groupId: null }, action: 'ACCEPT', expanded }
    expect(createEvaluator(noReferences).securityGroups([group('sg-1', [own])], probe).verdict).toBe('pass')
  })
})
