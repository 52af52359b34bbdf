import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SecurityGroup } from '../../src/model/snapshot.ts'
import { type AddressSet, contains, isEmpty, toCidrs } from '../../src/rules/index.ts'
import { groupWith, judgeGroups, judgeOrder, permutations, probeWith, setOf } from './builders.ts'

describe('the order of groups', () => {
  const accept = { protocol: 'TCP', port: '80', cidr: '100.64.0.0/11', action: 'ACCEPT' }
  const conflict = (...groups: readonly SecurityGroup[]) => {
    const found = judgeOrder(groups, probeWith())
    return (
      found && [
        ...found.outcomes.map(({ first, outcome }) => `${first} ${outcome.verdict}`),
        ...toCidrs(found.sources),
      ]
    )
  }

  it('is no conflict for one group, or if only one group matches an address', () => {
    expect(conflict(groupWith('sg-a', accept, { ...accept, action: 'DROP' }))).toBeNull()
    const other = { ...accept, cidr: '100.96.0.0/11', action: 'DROP' }
    expect(conflict(groupWith('sg-a', accept), groupWith('sg-b', other), groupWith('sg-c'))).toBeNull()
  })

  it('is a conflict if one group accepts and another group denies the same address', () => {
    expect(conflict(groupWith('sg-a', { ...accept, action: 'DROP' }), groupWith('sg-b', accept))).toEqual([
      'sg-a block',
      'sg-b pass',
      '100.64.0.0/11',
    ])
  })

  it('is a conflict if a rule that is not understood may contradict a rule that is understood', () => {
    const mayDeny = groupWith('sg-b', { ...accept, port: 'eighty', action: 'DROP' })
    expect(conflict(groupWith('sg-a', accept), mayDeny)).toEqual([
      'sg-a pass',
      'sg-b unknown',
      '100.64.0.0/11',
    ])
    const mayAccept = groupWith('sg-b', { ...accept, port: 'eighty' })
    const denies = groupWith('sg-a', { ...accept, action: 'DROP' })
    expect(conflict(denies, mayAccept)).toEqual(['sg-a block', 'sg-b unknown', '100.64.0.0/11'])
    expect(conflict(groupWith('sg-a', accept), mayAccept)).toBeNull()
  })

  it('is a conflict if and only if another order gives another verdict, also with rules that are not understood', () => {
    const oddRule = fc.record({
      protocol: fc.constant('TCP'),
      port: fc.constantFrom('80', 'eighty'),
      action: fc.constantFrom('ACCEPT', 'DROP', 'PERHAPS'),
      cidr: fc.constantFrom('100.64.0.0/11', '100.96.0.0/11', '100.64.0.0/10', '100.64.0.0/12'),
    })
    const lists = fc.array(fc.array(oddRule, { maxLength: 3 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(lists, (rules) => {
        const groups = rules.map((list, i) => groupWith(`sg-${i}`, ...list))
        const answers = permutations(groups).map((order) => {
          const { pieces } = judgeGroups(order, probeWith())
          return ['100.64.0.1', '100.80.0.1', '100.96.0.1']
            .map((at) => pieces.find(({ sources }) => has(sources, at))?.verdict)
            .join()
        })
        const found = judgeOrder(groups, probeWith())
        expect(found !== null).toBe(new Set(answers).size > 1)
        if (found) expect(isEmpty(found.sources)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})

const has = (set: AddressSet, at: string): boolean => contains(set, setOf(at))
