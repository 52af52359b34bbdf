import { describe, expect, it } from 'vitest'
import { known } from '../../src/model/fact.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { rule, type Shop, shop } from '../../src/simulator/base.ts'
import { askSimulated } from '../support/simulated.ts'
import { diagnosisOfSnapshot, findingsOf, snapshotOf } from '../support/snapshots.ts'

// A rule may forward to a cloud function (SDK, RuleTargets). It has no address, and the API returns no health for it.

const forwarding = { functions: [{ name: 'hello', weight: 10 }] }

function shopWith(change: (made: Shop) => void): Shop {
  const made = shop()
  change(made)
  return made
}

describe('a rule that forwards to a cloud function', () => {
  const functionOnly = shopWith(({ pool }) => {
    Object.assign(pool, { backends: [], ...forwarding })
  })

  it('is not reported as a rule without backends', async () => {
    const { diagnosis } = await askSimulated(functionOnly.world)
    expect(findingsOf(diagnosis)).toEqual([])
    expect(diagnosis.pools).toMatchObject([{ targets: [], fallback: false }])
  })

  it.each([
    ['en', 'no backend is being probed', 'cloud function'],
    ['zh-CN', '没有正在被探测的后端', '云函数'],
  ] as const)(
    'is inconclusive if it has no other backend, and the gap says why: %s',
    async (language, headline, why) => {
      const { diagnosis } = await askSimulated(functionOnly.world, { language })
      expect(diagnosis.verdict).toBe('inconclusive')
      expect(diagnosis.headline).toContain(headline)
      expect(diagnosis.gaps).toEqual([
        {
          what: expect.stringContaining('HTTPS:443 shop.example.com/'),
          why: expect.stringContaining(why),
          action: 'clb:DescribeTargetHealth',
        },
      ])
    },
  )

  it('leaves the verdict healthy if the backends of another rule are healthy', async () => {
    const made = shopWith(({ listener }) => {
      listener.rules.push(rule({ id: 'loc-hello001', domain: 'fn.example.com', url: '/', ...forwarding }))
    })
    const { diagnosis } = await askSimulated(made.world)
    expect([diagnosis.verdict, diagnosis.gaps, findingsOf(diagnosis)]).toEqual(['healthy', [], []])
  })

  it('still gets requests if the machines of the same rule have weight 0 or are Dead', () => {
    const world = (weight: number, status: string): Snapshot => {
      const base = snapshotOf({ machines: [{ host: 16, status, weight }] })
      const [first] = known(base.registrations) ?? []
      if (!first) throw new Error('no registration')
      const hello = {
        ...first,
        type: 'FUNCTION',
        instanceId: null,
        name: 'hello',
        ip: '',
        port: 0,
        weight: 10,
      }
      return { ...base, registrations: { state: 'ok', value: [first, hello] } }
    }
    expect(findingsOf(diagnosisOfSnapshot(world(0, 'Alive')))).toEqual([])
    const dead = diagnosisOfSnapshot(world(10, 'Dead'))
    expect([dead.verdict, findingsOf(dead)]).toEqual(['degraded', []])
  })
})
