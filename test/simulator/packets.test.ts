import { describe, expect, it } from 'vitest'
import { backend, check, guest, machine, rule, type Shop, shop } from '../../src/simulator/base.ts'
import { joinDataCentre } from '../../src/simulator/data-centre.ts'
import type { Fate } from '../../src/simulator/packets.ts'
import type { AclEntry } from '../../src/simulator/world.ts'
import { lookAt } from './support.ts'

/** The status of backend 10.0.1.16 of shop-front and the different fates of its probes. */
function probed(change: (made: Shop) => void): { status: string; fates: readonly Fate[] } {
  const made = shop()
  change(made)
  const [first] = lookAt(made.world, made.front.id)
  if (!first) throw new Error('no backend')
  return { status: first.status, fates: [...new Set(first.fates)] }
}

const DEAD_OF = (...fates: Fate[]) => ({ status: 'Dead', fates })
const ALIVE = { status: 'Alive', fates: ['answered'] }
const entry = (fields: Partial<AclEntry>): AclEntry => ({
  protocol: 'all',
  port: '',
  cidr: '0.0.0.0/0',
  action: 'Accept',
  ...fields,
})
const shut = { id: 'sg-shut0000', name: 'shut', rules: [] }

describe('a probe', () => {
  it('is answered in the healthy shop', () => {
    expect(probed(() => {})).toEqual(ALIVE)
  })

  it('comes from the VIP with SourceIpType 0, and from 100.64.0.0/10 with SourceIpType 1', () => {
    const drop = (cidr: string) => (made: Shop) => {
      made.acl.ingress.unshift(entry({ cidr, action: 'Drop' }))
    }
    expect(probed(drop('203.0.113.26/32'))).toEqual(DEAD_OF('acl-in'))
    expect(probed(drop('100.64.0.0/10'))).toEqual(ALIVE)
    const from = (cidr: string) => (made: Shop) => {
      made.pool.check = check({ source: 1 })
      drop(cidr)(made)
    }
    expect(probed(from('203.0.113.26/32'))).toEqual(ALIVE)
    expect(probed(from('100.64.0.0/10'))).toEqual(DEAD_OF('acl-in'))
  })

  it('does not reach a machine without public bandwidth from a public CLB, if bandwidth is billed at the machines', () => {
    const cut = (bandwidth: number | undefined, change: (made: Shop) => void = () => {}) =>
      probed((made) => {
        made.world.accountType = 'LEGACY'
        if (bandwidth !== undefined) made.machine(16).publicBandwidth = bandwidth
        change(made)
      })
    expect(cut(0)).toEqual(DEAD_OF('no-bandwidth'))
    expect(cut(1)).toEqual(ALIVE)
    expect(cut(undefined)).toEqual(ALIVE)
    expect(cut(0, ({ world }) => Reflect.deleteProperty(world, 'accountType'))).toEqual(ALIVE)
    const isCut = (change: (made: Shop) => void): boolean => cut(0, change).fates.includes('no-bandwidth')
    expect(isCut(({ front }) => Object.assign(front, { type: 'INTERNAL' }))).toBe(false)
    expect(isCut(({ front }) => Object.assign(front, { ipv6: true }))).toBe(false)
    expect(isCut(({ pool }) => Object.assign(pool.backends[0] ?? {}, { type: 'ENI' }))).toBe(false)
  })

  it('meets the ACL first, then the security group, the guest, and the ACL again on the way back', () => {
    const change = (level: number) => (made: Shop) => {
      if (level <= 0) made.acl.ingress = []
      if (level <= 1) made.machine(16).groups = []
      if (level <= 2) made.machine(16).guest.drops = ['0.0.0.0/0']
      if (level <= 3) made.machine(16).guest.listens = []
      if (level <= 4) made.machine(16).guest.http = 503
      if (level <= 5) made.acl.egress = []
    }
    const order = [0, 1, 2, 3, 4, 5].flatMap((level) => probed(change(level)).fates)
    expect(order).toEqual([
      'acl-in',
      'security-group',
      'guest-firewall',
      'not-listening',
      'wrong-answer',
      'acl-out',
    ])
  })

  it('is not filtered by the ACL within one subnet, but is filtered between two subnets', () => {
    const from = (vip: string) => (made: Shop) => {
      Object.assign(made.front, { vip, type: 'INTERNAL' })
      made.acl.ingress = []
      made.acl.egress = []
    }
    expect(probed(from('10.0.1.250'))).toEqual(ALIVE)
    expect(probed(from('10.0.0.250'))).toEqual(DEAD_OF('acl-in'))
  })

  it('is answered in a subnet without an ACL', () => {
    expect(
      probed(({ world, acl }) => {
        acl.ingress = []
        for (const subnet of world.subnets) subnet.aclId = null
      }),
    ).toEqual(ALIVE)
  })
})

describe('the groups of a backend', () => {
  const behindShut = ({ world, machine: own }: Shop): void => {
    world.groups.push(shut)
    own(16).groups = ['sg-shut0000']
  }

  it('do not apply if the CLB passes traffic to its targets, or is an IPv6 CLB', () => {
    expect(probed(behindShut)).toEqual(DEAD_OF('security-group'))
    for (const field of [{ passToTarget: true }, { ipv6: true }])
      expect(
        probed((made) => {
          behindShut(made)
          Object.assign(made.front, field)
        }),
      ).toEqual(ALIVE)
  })

  it('apply to 100.64.0.0/10 only if the platform does not exempt it, and always to the VIP', () => {
    const under = (exempts10064: boolean, source: 0 | 1) =>
      probed((made) => {
        behindShut(made)
        made.world.exempts10064 = exempts10064
        made.pool.check = check({ source })
      }).status
    expect([under(true, 1), under(false, 1), under(true, 0), under(false, 0)]).toEqual([
      'Alive',
      'Dead',
      'Dead',
      'Dead',
    ])
  })

  it('are those of the interface that owns the address', () => {
    const second = (groups: string[]) => (made: Shop) => {
      const own = made.machine(16)
      made.world.groups.push(shut)
      const { vpcId, subnetId, id: machineId } = own
      made.world.interfaces = [
        { id: 'eni-second01', vpcId, subnetId, ips: ['10.0.1.161'], groups, machineId },
      ]
      made.pool.backends = [{ type: 'ENI', machineId: null, ip: '10.0.1.161', port: 8080, weight: 10 }]
    }
    expect(probed(second(['sg-shopweb1']))).toEqual(ALIVE)
    expect(probed(second(['sg-shut0000']))).toEqual(DEAD_OF('security-group'))
  })
})

describe('a machine', () => {
  it.each([
    [{ state: 'STOPPED' }, 'no-machine'],
    [{ state: 'STARTING' }, 'no-machine'],
    [{ restrictState: 'PROTECTIVELY_ISOLATED' }, 'no-machine'],
    [{ guest: guest(9090) }, 'not-listening'],
    [{ guest: guest(8080, { listens: [{ port: 8080, protocol: 'udp' }] }) }, 'not-listening'],
    [
      { guest: guest(8080, { listens: [{ port: 8080, protocol: 'tcp', address: '127.0.0.1' }] }) },
      'not-listening',
    ],
    [{ guest: guest(8080, { drops: ['203.0.113.0/24'] }) }, 'guest-firewall'],
    [{ guest: guest(8080, { latencyMs: 2000 }) }, 'too-slow'],
    [{ guest: guest(8080, { http: 404 }) }, 'wrong-answer'],
  ] as const)('with %j does not answer: %s', (fields, fate) => {
    expect(probed(({ machine: own }) => Object.assign(own(16), fields))).toEqual(DEAD_OF(fate))
  })

  it.each([
    { guest: guest(8080, { listens: [{ port: 8080, protocol: 'tcp', address: '10.0.1.16' }] }) },
    { guest: guest(8080, { drops: ['100.64.0.0/10'] }) },
    { guest: guest(8080, { latencyMs: 1999 }) },
    { guest: guest(8080, { http: 302 }) },
  ])('with %j answers', (fields) => {
    expect(probed(({ machine: own }) => Object.assign(own(16), fields))).toEqual(ALIVE)
  })

  it('in another VPC is not found by its address', () => {
    expect(
      probed(({ world, machine: own }) => {
        own(16).vpcId = 'vpc-staging1'
        world.machines.push(machine(99, { ip: '10.0.1.99' }))
      }),
    ).toEqual(DEAD_OF('no-machine'))
  })

  it('that no longer exists does not answer: no-machine', () => {
    expect(
      probed(({ world }) => {
        world.machines = []
      }),
    ).toEqual(DEAD_OF('no-machine'))
  })
})

describe('a health check', () => {
  const l4 =
    (protocol: 'TCP' | 'UDP', fields: Parameters<typeof check>[0], change: (made: Shop) => void = () => {}) =>
    (made: Shop): void => {
      made.listener.protocol = protocol
      made.listener.rules = [rule({ check: check(fields), backends: [backend(made.machine(16), 8080)] })]
      change(made)
    }

  it('accepts exactly the classes of HTTP codes that are set', () => {
    const alive = [1, 2, 4, 8, 16].map((codes) =>
      [100, 200, 301, 404, 503].map(
        (http) =>
          probed(({ pool, machine: own }) => {
            pool.check = check({ codes })
            own(16).guest.http = http
          }).status === 'Alive',
      ),
    )
    expect(alive.map((row) => row.indexOf(true))).toEqual([0, 1, 2, 3, 4])
    expect(alive.flat().filter(Boolean)).toHaveLength(5)
  })

  it('of type TCP needs only a listening port, even if HTTP answers 500', () => {
    const wrong = ({ machine: own }: Shop): void => {
      own(16).guest.http = 500
    }
    expect(probed(l4('TCP', { type: 'TCP' }, wrong))).toEqual(ALIVE)
    expect(probed(l4('TCP', { type: 'HTTP' }, wrong))).toEqual(DEAD_OF('wrong-answer'))
  })

  it('goes to its own port if it has one', () => {
    expect(probed(l4('TCP', { type: 'TCP', port: 443 }))).toEqual(DEAD_OF('not-listening'))
  })

  it('of type PING needs a rule for ICMP in the group, and a guest that answers', () => {
    const openIcmp = ({ world }: Shop): void => {
      world.groups[0]?.rules.unshift({ protocol: 'ICMP', port: 'ALL', source: '0.0.0.0/0', action: 'ACCEPT' })
    }
    expect(probed(l4('UDP', { type: 'PING' }))).toEqual(DEAD_OF('security-group'))
    expect(probed(l4('UDP', { type: 'PING' }, openIcmp))).toEqual(ALIVE)
    const mute = (made: Shop): void => {
      openIcmp(made)
      made.machine(16).guest.ping = false
    }
    expect(probed(l4('UDP', { type: 'PING' }, mute))).toEqual(DEAD_OF('not-listening'))
  })

  it('of a UDP listener needs a UDP port', () => {
    const udp = ({ world, machine: own }: Shop): void => {
      world.groups[0]?.rules.unshift({
        protocol: 'UDP',
        port: '8080',
        source: '203.0.113.0/24',
        action: 'ACCEPT',
      })
      own(16).guest.listens = [{ port: 8080, protocol: 'udp' }]
    }
    expect(probed(l4('UDP', { type: 'CUSTOM' }, udp))).toEqual(ALIVE)
    expect(probed(l4('TCP', { type: 'TCP' }, udp))).toEqual(DEAD_OF('not-listening'))
  })

  it('gives Close if it is off, even if the ACL blocks it, and if its listener is stopped', () => {
    const off = probed(({ pool, acl }) => {
      pool.check = check({ on: false })
      acl.ingress = []
    })
    const stopped = probed(({ listener }) => {
      listener.stopped = true
    })
    expect([off.status, stopped.status]).toEqual(['Close', 'Close'])
  })

  it('comes from a v2 target group itself; for a v1 group it comes from the rule', () => {
    const grouped = (type: 'v1' | 'v2') => (made: Shop) => {
      const { world, pool, front } = made
      const own = made.machine(16)
      const members = [backend(own, 8080)]
      const unmet = check({ codes: 16, source: null })
      world.targetGroups = [
        { id: 'lbtg-00000001', name: '', vpcId: front.vpcId, type, check: unmet, members },
      ]
      pool.targetGroupId = 'lbtg-00000001'
    }
    expect([probed(grouped('v1')).status, probed(grouped('v2')).status]).toEqual(['Alive', 'Dead'])
  })
})

describe('when some probes get through and some do not', () => {
  const openFor = (cidr: string) =>
    probed(({ acl, pool }) => {
      pool.check = check({ source: 1 })
      acl.ingress = [entry({ cidr })]
    })

  it('the backend is Alive only if more than half of the nodes get through', () => {
    // Eight of the twelve nodes are below 100.104.0.0, six below 100.96.0.0.
    expect(openFor('100.64.0.0-100.104.0.0')).toEqual({ status: 'Alive', fates: ['answered', 'acl-in'] })
    expect(openFor('100.64.0.0/11')).toEqual({ status: 'Dead', fates: ['answered', 'acl-in'] })
    expect(openFor('100.64.0.0/12').status).toBe('Dead')
  })

  it('the source ports of the probes cover the whole range 1024-65535', () => {
    const replies = (port: string) =>
      probed(({ acl, pool }) => {
        pool.check = check({ source: 1 })
        acl.egress = [entry({ protocol: 'tcp', port, cidr: '100.64.0.0/10' })]
      }).fates
    expect(replies('1024-65535')).toEqual(['answered'])
    expect(replies('32768-65535')).toEqual(['acl-out', 'answered'])
    expect(replies('8080')).toEqual(['acl-out'])
  })
})

describe('backends outside the VPC', () => {
  const remote =
    (snatIps: string[], drops: string[] = []) =>
    (made: Shop) => {
      joinDataCentre(made.world, '172.20.0.0/16')
      made.front.snatIps = snatIps
      made.acl.ingress = []
      made.world.remotes = [{ ip: '172.20.5.11', guest: guest(8080, { drops }) }]
      made.pool.backends = [{ type: 'CCN', machineId: null, ip: '172.20.5.11', port: 8080, weight: 10 }]
    }

  it('are probed from the SNAT IPs, and the ACL of the VPC does not apply', () => {
    expect(probed(remote(['10.0.0.201']))).toEqual(ALIVE)
    expect(probed(remote(['10.0.0.201'], ['10.0.0.201']))).toEqual(DEAD_OF('guest-firewall'))
    expect(probed(remote(['10.0.0.201'], ['203.0.113.26', '100.64.0.0/10']))).toEqual(ALIVE)
  })

  it('cannot be reached without SNAT IPs', () => {
    expect(probed(remote([]))).toEqual(DEAD_OF('no-route'))
  })
})

describe('a probe of a CLB that is named by a domain', () => {
  it('comes from 100.64.0.0/10 whatever the source type of the check is', () => {
    for (const source of [0, 1, null] as const) {
      const from = (cidr: string) =>
        probed((made) => {
          made.front.domain = 'lb-x.clb.ap-guangzhou.tencentclb.com'
          made.pool.check = check({ source })
          made.acl.ingress.unshift(entry({ cidr, action: 'Drop' }))
        })
      expect(from('203.0.113.26/32')).toEqual(ALIVE)
      expect(from('100.64.0.0/10')).toEqual(DEAD_OF('acl-in'))
    }
  })
})

describe('a probe behind a listener for a range of ports', () => {
  const probedAt = (portOfRange: 'first' | 'last' | 'each' | undefined, dropped: string) =>
    probed((made) => {
      made.listener.endPort = made.listener.port + 2
      if (portOfRange) made.world.portOfRange = portOfRange
      const ports = [8080, 8081, 8082].map((port) => ({ port, protocol: 'tcp' as const }))
      made.machine(16).guest.listens.push(...ports)
      for (const { rules } of made.world.groups)
        rules.unshift({ protocol: 'ALL', port: 'ALL', source: '0.0.0.0/0', action: 'ACCEPT' })
      made.acl.ingress.unshift(entry({ protocol: 'tcp', port: dropped, action: 'Drop' }))
    }).status

  it('goes to the first of as many ports of the backend, to the last, or to each in turn', () => {
    expect(probedAt(undefined, '8080')).toBe('Dead')
    expect(probedAt('first', '8081-8082')).toBe('Alive')
    expect(probedAt('last', '8080-8081')).toBe('Alive')
    expect(probedAt('last', '8082')).toBe('Dead')
  })

  it('goes to the port of the check, if it has one', () => {
    const { status } = probed((made) => {
      made.listener.endPort = made.listener.port + 2
      made.world.portOfRange = 'last'
      made.pool.check = check({ port: 8080 })
    })
    expect(status).toBe('Alive')
  })
})
