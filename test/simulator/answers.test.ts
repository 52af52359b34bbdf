import { describe, expect, it } from 'vitest'
import { check, guest, type Shop, shop } from '../../src/simulator/base.ts'
import { aclDecidesIn, groupsDecide, type Packet } from '../../src/simulator/gates.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { ask, lookAt } from './support.ts'

function first(change: (made: Shop) => void): string {
  const made = shop()
  change(made)
  const [seen] = lookAt(made.world, made.front.id)
  return `${seen?.status} ${[...new Set(seen?.fates)].join()}`
}

describe('an answer', () => {
  it('to HTTP/1.1 without a host is an HTTP 4xx', () => {
    const hostless = (codes: number) => (made: Shop) => {
      made.pool.check = check({ version: 'HTTP/1.1', host: null, codes })
    }
    expect([first(hostless(2 + 4)), first(hostless(8))]).toEqual(['Dead wrong-answer', 'Alive answered'])
    expect(
      first(({ pool }) => {
        pool.check = check({ version: 'HTTP/1.1' })
      }),
    ).toBe('Alive answered')
  })

  it('to HEAD can differ from the answer to GET', () => {
    const asked = (method: string) => (made: Shop) => {
      made.pool.check = check({ method })
      made.machine(16).guest = guest(8080, { head: 405 })
    }
    expect([first(asked('HEAD')), first(asked('GET'))]).toEqual(['Dead wrong-answer', 'Alive answered'])
  })

  it('to HTTPS is wrong if the guest does not speak TLS', () => {
    const asked = (type: 'HTTP' | 'HTTPS') => (made: Shop) => {
      made.pool.check = check({ type })
      made.machine(16).guest = guest(8080, { plain: true })
    }
    expect([first(asked('HTTPS')), first(asked('HTTP'))]).toEqual(['Dead wrong-answer', 'Alive answered'])
  })
})

describe('a state', () => {
  it('is Unknown until the first probe ends', () => {
    expect(
      first(({ pool }) => {
        for (const own of pool.backends) own.fresh = true
      }),
    ).toBe('Unknown answered')
  })

  it('of a CLB shows that it is stopped and still being created', async () => {
    const { world, front } = shop()
    Object.assign(front, { stopped: true, creating: true })
    const simulator = await startSimulator(world)
    try {
      const { LoadBalancerSet } = await ask(simulator, 'clb:DescribeLoadBalancers', {
        LoadBalancerIds: [front.id],
      })
      expect(LoadBalancerSet).toMatchObject([{ Status: 0, AttributeFlags: ['SharedLimitFlag', 'Stop'] }])
    } finally {
      await simulator.close()
    }
  })
})

describe('the rule that decides', () => {
  const packet: Packet = {
    source: '203.0.113.26',
    sourcePort: 40_000,
    target: '10.0.1.16',
    protocol: 'tcp',
    port: 8080,
  }

  it('is the first match in the bound groups, and has no index if no rule matches', () => {
    const { world } = shop()
    world.groups.push({ id: 'sg-empty000', name: 'empty', rules: [] })
    expect(groupsDecide(world, ['sg-empty000', 'sg-shopweb1'], packet)).toEqual({
      passes: true,
      id: 'sg-shopweb1',
      index: 1,
    })
    expect(groupsDecide(world, ['sg-empty000'], packet)).toEqual({
      passes: false,
      id: 'sg-empty000',
      index: null,
    })
  })

  it('is counted within its family in a triple ACL, and among all entries in a quintuple ACL', () => {
    const { acl } = shop()
    acl.ingress.unshift(
      { protocol: 'all', port: '', cidr: '::/0', action: 'Accept' },
      { protocol: 'tcp', port: '22', cidr: '0.0.0.0/0', action: 'Accept' },
      { protocol: 'tcp', port: '8080', cidr: '203.0.113.0/24', action: 'Drop' },
    )
    expect(aclDecidesIn(acl, packet)).toEqual({ passes: false, id: acl.id, index: 2 })
    acl.type = 'QUINTUPLE'
    expect(aclDecidesIn(acl, packet).index).toBe(3)
  })
})
