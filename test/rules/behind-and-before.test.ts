import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NetworkAcl, SecurityRule } from '../../src/model/snapshot.ts'
import { contains, isEmpty, subtract } from '../../src/rules/addresses.ts'
import {
  firstBlockingRule,
  largest,
  PROBE_100_64,
  parseAddresses,
  shadowedAllow,
  toCidrs,
} from '../../src/rules/index.ts'
import { entry, groupWith, judgeGroups, judgeReply, probeWith } from './builders.ts'

const probe = probeWith()
const tcp = (action: string, cidr: string, port = '80'): Partial<SecurityRule> => ({
  protocol: 'TCP',
  port,
  cidr,
  action,
})
const judged = (...rules: readonly Partial<SecurityRule>[]) =>
  judgeGroups([groupWith('sg-0', ...rules)], probe)

const shadowOf = (outcome: ReturnType<typeof judged>) => {
  const denied = largest(outcome.pieces.filter(({ verdict }) => verdict === 'deny'))
  const found = denied && shadowedAllow(outcome, denied)
  return found && [found.by.index, ...toCidrs(found.sources)]
}

describe('the allow rule behind a denial', () => {
  it('is the first rule that would let the addresses in', () => {
    const rules = [tcp('DROP', '0.0.0.0/0'), tcp('ACCEPT', '100.64.0.0/10'), tcp('ACCEPT', '0.0.0.0/0')]
    expect(shadowOf(judged(...rules))).toEqual([1, '100.64.0.0/10'])
  })

  it('is the rule that lets in the largest part, and the first of equal parts', () => {
    const rules = [tcp('DROP', '0.0.0.0/0'), tcp('ACCEPT', '100.64.0.0/12'), tcp('ACCEPT', '100.96.0.0/11')]
    expect(shadowOf(judged(...rules))).toEqual([2, '100.96.0.0/11'])
    const equal = [tcp('DROP', '0.0.0.0/0'), tcp('ACCEPT', '100.96.0.0/11'), tcp('ACCEPT', '100.64.0.0/11')]
    expect(shadowOf(judged(...equal))).toEqual([1, '100.96.0.0/11'])
  })

  it('is missing if no rule certainly lets the addresses in', () => {
    expect(shadowOf(judged(tcp('DROP', '0.0.0.0/0'), tcp('ACCEPT', '10.0.0.0/8')))).toBeNull()
    expect(shadowOf(judged(tcp('DROP', '0.0.0.0/0'), tcp('ACCEPT', '0.0.0.0/0', '81')))).toBeNull()
    expect(shadowOf(judged(tcp('DROP', '0.0.0.0/0'), tcp('ACCEPT', '0.0.0.0/0', 'eighty')))).toBeNull()
    expect(shadowOf(judged(tcp('DROP', '0.0.0.0/0'), tcp('PERHAPS', '0.0.0.0/0')))).toBeNull()
  })

  it('is missing for the default deny, because no rule comes after it', () => {
    expect(shadowOf(judged(tcp('ACCEPT', '100.64.0.0/12')))).toBeNull()
  })
})

describe('the first blocking rule', () => {
  it('is the first rule that denies a part of the probes', () => {
    const rules = [tcp('ACCEPT', '100.64.0.0/12'), tcp('DROP', '100.96.0.0/11'), tcp('DROP', '0.0.0.0/0')]
    expect(firstBlockingRule(judged(...rules))?.index).toBe(1)
  })

  it('may be a rule that is not understood', () => {
    expect(
      firstBlockingRule(judged(tcp('DROP', '0.0.0.0/0', 'eighty'), tcp('DROP', '0.0.0.0/0')))?.index,
    ).toBe(0)
    expect(firstBlockingRule(judged(tcp('PERHAPS', '0.0.0.0/0'), tcp('DROP', '0.0.0.0/0')))?.index).toBe(0)
  })

  it('skips rules that decide nothing, and is missing if no rule blocks', () => {
    const shadowed = [
      tcp('ACCEPT', '100.64.0.0/11'),
      tcp('DROP', '100.64.0.0/12'),
      tcp('DROP', '100.96.0.0/11'),
    ]
    expect(firstBlockingRule(judged(...shadowed))?.index).toBe(2)
    expect(firstBlockingRule(judged(tcp('ACCEPT', '100.64.0.0/11')))).toBeNull()
    expect(firstBlockingRule(judged(tcp('ACCEPT', '0.0.0.0/0'), tcp('DROP', '0.0.0.0/0')))).toBeNull()
  })

  it('is not an entry for ports that the prober never uses', () => {
    const acl: NetworkAcl = {
      id: 'acl-1',
      name: '',
      vpcId: null,
      region: 'ap-guangzhou',
      subnetIds: null,
      kind: 'triple',
      ingress: [],
      egress: [
        entry({ priority: 1, protocol: 'TCP', port: '22', cidr: '0.0.0.0/0', action: 'DROP' }),
        entry({ priority: 2, protocol: 'TCP', port: '1024-2047', cidr: '0.0.0.0/0', action: 'ACCEPT' }),
        entry({ priority: 3, protocol: 'TCP', port: '1024-4095', cidr: '0.0.0.0/0', action: 'DROP' }),
      ],
    }
    expect(firstBlockingRule(judgeReply(acl, probe, 'destination'))?.index).toBe(3)
  })

  it('is the last rule that a new allow-all rule can precede to let all probes in', () => {
    const rules = fc.array(
      fc
        .tuple(
          fc.constantFrom('ACCEPT', 'DROP', 'PERHAPS'),
          fc.constantFrom('100.64.0.0/11', '100.96.0.0/11', '100.64.0.0/12', '0.0.0.0/0'),
          fc.constantFrom('80', '81', 'eighty'),
        )
        .map(([action, cidr, port]) => tcp(action, cidr, port)),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(rules, (list) => {
        const outcome = judged(...list)
        if (outcome.verdict === 'pass') return
        const at = firstBlockingRule(outcome)?.index ?? list.length
        const opened = (index: number) =>
          judged(...list.slice(0, index), tcp('ACCEPT', '100.64.0.0/10'), ...list.slice(index))
        expect(opened(at).verdict).toBe('pass')
        if (at < list.length) expect(opened(at + 1).verdict).not.toBe('pass')
      }),
      { numRuns: 500 },
    )
  })
})

describe('the largest of several pieces', () => {
  it('is null for an empty list, and the first of equal pieces', () => {
    expect(largest([])).toBeNull()
    const { pieces } = judged(tcp('ACCEPT', '100.96.0.0/11'), tcp('DROP', '100.64.0.0/11'))
    expect(largest(pieces)).toBe(pieces[0])
    const [a, b] = judged(tcp('ACCEPT', '100.64.0.0/12'), tcp('DROP', '0.0.0.0/0')).pieces
    expect(a && b && largest([a, b])).toBe(b)
    const sources = parseAddresses('100.64.0.0/12') ?? PROBE_100_64
    expect(a && contains(a.sources, sources) && isEmpty(subtract(a.sources, sources))).toBe(true)
  })
})
