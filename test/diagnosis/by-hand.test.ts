import { describe, expect, it } from 'vitest'
import { ok } from '../../src/model/fact.ts'
import type { HealthCheck, Listener, LoadBalancer, Registration } from '../../src/model/snapshot.ts'
import { gapOf } from '../support/findings.ts'
import { diagnosisOf, healthCheck, type World } from '../support/snapshots.ts'

// The commands to run by hand follow from the kind of the backend and from what the probe asks for.

interface Given {
  readonly check?: Partial<HealthCheck>
  readonly listener?: Partial<Listener>
  readonly registration?: Partial<Registration>
  readonly balancer?: Partial<LoadBalancer>
  readonly hosts?: readonly number[]
}

const TKE = { tags: { 'tke-clusterId': 'cls-1' } }

function worldOf({ check, listener, registration = {}, balancer = {}, hosts = [16] }: Given): World {
  return {
    machines: hosts.map((host) => ({ host, status: 'Dead', registration })),
    balancer,
    listener: { ...listener, healthCheck: healthCheck(check) },
    replace: { clusters: { 'cls-1': ok({ id: 'cls-1', name: '', ipvs: true }) } },
  }
}

const gapFor = (given: Given, language: 'en' | 'zh-CN' = 'en') =>
  gapOf(diagnosisOf(worldOf(given), language), language === 'en' ? 'fail' : '确切原因')
const linesFor = (given: Given) => gapFor(given).byHand ?? []
const textFor = (given: Given) => linesFor(given).join('\n')

const UDP = { protocol: 'UDP', port: 53 } as const
const PING = { check: { type: 'PING' }, listener: UDP } as const

describe('a command to run on the machine itself', () => {
  const onEach = (hosts: readonly number[], language: 'en' | 'zh-CN' = 'en') =>
    (gapFor({ hosts }, language).byHand ?? []).find((line) => line.startsWith('ss '))

  it('names the machine, and of several says that it is run on each', () => {
    expect(onEach([16])).toBe("ss -lntp 'sport = :8080'  # on 10.0.1.16")
    expect(onEach([16, 17])).toBe("ss -lntp 'sport = :8080'  # on each of 10.0.1.16, 10.0.1.17")
    expect(onEach([16, 17, 18, 19, 20])).toBe(
      "ss -lntp 'sport = :8080'  # on each of 10.0.1.16, 10.0.1.17, 10.0.1.18 and 2 more",
    )
    expect(onEach([16, 17, 18, 19, 20], 'zh-CN')).toBe(
      "ss -lntp 'sport = :8080'  # 在 10.0.1.16、10.0.1.17、10.0.1.18 等 5 台上分别执行",
    )
  })

  it('names only the machines with the same port', () => {
    const machines = [16, 17, 18].map((host) => ({
      host,
      status: 'Dead',
      registration: { port: host === 17 ? 9090 : 8080 },
    }))
    const { byHand = [] } = gapOf(diagnosisOf({ machines }), 'fail')
    expect(byHand.find((line) => line.startsWith('ss '))).toBe(
      "ss -lntp 'sport = :8080'  # on each of 10.0.1.16, 10.0.1.18",
    )
  })
})

describe('a backend of a listener for a range of ports', () => {
  const RANGE = {
    listener: { port: 20_000, endPort: 20_100 },
    registration: { port: 10_000 },
    hosts: [16, 17],
  } as const

  it('is named with its range, and the steps look at all of its ports', () => {
    const [title, ...lines] = linesFor(RANGE)
    expect(title).toContain('10.0.1.16:10000-10100')
    expect(title).toContain('10.0.1.17:10000-10100')
    expect(lines[0]).toContain("ss -lntp 'sport >= :10000 and sport <= :10100'")
    const sent = lines.filter((line) => line.startsWith('nc '))
    expect(sent.map((line) => line.split('  #')[0])).toEqual([
      'nc -vz -w 2 10.0.1.16 10000',
      'nc -vz -w 2 10.0.1.16 10100',
    ])
  })

  it('has the steps for one port if the check has a port of its own', () => {
    const text = textFor({ ...RANGE, check: { port: 9090 } })
    expect(text).toContain("ss -lntp 'sport = :9090'")
    expect(text).not.toContain('10100')
  })
})

describe('a backend that is checked by ping', () => {
  it.each([
    ['a machine', {}],
    ['a NodePort of a cluster', { registration: { port: 31_080 }, balancer: TKE }],
    ['a NodePort without a tag', { registration: { port: 31_080 } }],
  ])('is %s: the steps are about ping, never about sockets or Services', (_, more: Given) => {
    const text = textFor({ ...PING, ...more })
    expect(text).toContain('ping -c 3 10.0.1.16')
    expect(text).toMatch(/icmp_echo_ignore_all.*icmp_ratelimit/)
    expect(text).not.toMatch(/ss -ln|nc -|curl|kubectl|ipvsadm/)
  })

  it('is asked neither whether it listens nor which status it returns, in both languages', () => {
    expect(gapFor(PING).why).toMatch(/ping.*icmp_echo_ignore_all/)
    expect(gapFor(PING).why).not.toMatch(/listening|status code/)
    expect(gapFor(PING, 'zh-CN').why).toContain('安全组要放行 ICMP')
    expect(gapFor(PING, 'zh-CN').why).not.toMatch(/监听|状态码/)
  })

  it('is a pod: its own settings and the way through its node', () => {
    const text = textFor({ ...PING, registration: { type: 'GLOBALROUTE' }, balancer: TKE })
    expect(text).toContain('-- cat /proc/sys/net/ipv4/icmp_echo_ignore_all')
    expect(text).not.toContain('netstat')
  })

  it('is behind CCN: also from a machine of the CLB', () => {
    const ccn = { type: 'CCN', instanceId: null }
    const balancer = { snatPro: true, snatIps: [{ ip: '10.0.0.9', subnetId: null }] }
    expect(textFor({ ...PING, registration: ccn, balancer })).toContain(
      "ping -c 3 10.0.1.16  # from a machine in the CLB's VPC",
    )
  })

  it('has the settings of its own family', () => {
    const text = textFor({ ...PING, registration: { type: 'ENI', instanceId: null, ip: '2402:4e00::16' } })
    expect(text).toContain('net.ipv6.icmp.echo_ignore_all')
  })
})

describe('the probe by hand', () => {
  it('sends the text of a custom check and says what must come back', () => {
    const check = { type: 'CUSTOM', contextType: 'TEXT', sendContext: "it's", recvContext: 'pong' }
    expect(linesFor({ check, listener: UDP })).toContain(
      String.raw`printf %s 'it'\''s' | nc -u -w 2 10.0.1.16 8080  # from another machine of the VPC, expected: pong`,
    )
    expect(textFor({ check })).toContain(' | nc -w 2 10.0.1.16 8080  #')
  })

  it('sends the bytes of a custom check in hexadecimal', () => {
    const check = { type: 'CUSTOM', contextType: 'HEX', sendContext: '0AFF', recvContext: '1b00' }
    expect(linesFor({ check })).toContain(
      String.raw`printf '\012\377' | nc -w 2 10.0.1.16 8080 | od -An -tx1  # from another machine of the VPC, expected: 1b 00`,
    )
  })

  it('never lets a content end the comment or the quotes', () => {
    const check = { type: 'CUSTOM', contextType: 'TEXT', sendContext: "'; id #", recvContext: 'a\nid' }
    const [line] = linesFor({ check }).filter((one) => one.includes('nc '))
    expect(line).not.toContain('\n')
    expect(line).toMatch(/^printf %s ''\\''; id #' \| nc /)
  })

  it('calls a gRPC method over plain HTTP/2 and says which code is expected', () => {
    const check = { type: 'GRPC', path: '/shop.Health/Check', extendedCode: '0,12', host: 'shop.example.com' }
    const text = textFor({ check })
    expect(text).toContain('--http2-prior-knowledge -X POST')
    expect(text).toContain('http://10.0.1.16:8080/shop.Health/Check | grep -i')
    expect(text).toContain('expected: 0,12')
    expect(gapFor({ check }).why).toContain('gRPC code')
  })

  it('asks for a status code only if the check is by HTTP', () => {
    expect(gapFor({}).why).not.toContain('status code')
    expect(gapFor({ check: { type: 'HTTP' } }).why).toContain('status code')
  })

  it('of a rule without a check type uses the protocol that it forwards in', () => {
    const world = worldOf({})
    const rule = {
      locationId: 'loc-1',
      domain: 'a.example',
      url: '/',
      healthCheck: healthCheck({ type: null }),
      forwardType: 'HTTP',
      targetType: 'NODE',
      targetGroupIds: [],
      redirectsTo: null,
    }
    const { gaps } = diagnosisOf({
      ...world,
      machines: [{ host: 16, status: 'Dead', registration: { locationId: 'loc-1' } }],
      listener: { protocol: 'HTTPS', healthCheck: null, rules: [rule] },
    })
    expect(gapOf(gaps ? { gaps } : undefined, 'fails').byHand?.join()).toContain('http://10.0.1.16:8080/')
  })
})

describe('a NodePort', () => {
  const nodePort = { registration: { port: 30_467 }, balancer: TKE } as const

  it('is looked for by itself, and its check port in YAML', () => {
    const lines = linesFor({ ...nodePort, check: { port: 31_079 } })
    expect(lines).toContainEqual(expect.stringMatching(/^kubectl get svc -A -o wide \| grep -w 30467 /))
    expect(lines).toContainEqual(expect.stringMatching(/^kubectl get svc -A -o yaml .*\(30467\|31079\)/))
    expect(lines).toContainEqual(expect.stringContaining('curl -sS http://10.0.1.16:31079/healthz'))
    expect(lines).not.toContainEqual(expect.stringMatching(/-o wide \| grep -w 31079/))
  })

  it('has the line about kube-ipvs0 behind a public CLB as well', () => {
    expect(textFor(nodePort)).toContain('ip -o addr show dev kube-ipvs0 | grep -wF 203.0.113.26')
  })

  it('is asked for the annotation that stops the sync if TKE manages the CLB', () => {
    expect(textFor(nodePort)).toContain('cloud.tencent.com/mode: ')
    expect(textFor({ registration: { port: 30_467 } })).not.toContain('mode: ')
  })

  it('without a tag of a cluster has the lines of kube-proxy beside ss', () => {
    const text = textFor({ registration: { port: 30_467 } })
    expect(text).toContain("ss -lntp 'sport = :30467'")
    expect(text).toMatch(/iptables-save \| grep -w 30467; ipvsadm -Ln \| grep -w 30467/)
  })
})

describe('a machine of another region with such a port', () => {
  it('may be a node too, but not of the cluster of the CLB', () => {
    const registration = { type: 'CCN', instanceId: null, port: 30_467 }
    const world = worldOf({ registration, balancer: TKE })
    const crossTargets = {
      '10.0.1.16': ok({
        ip: '10.0.1.16',
        region: 'ap-guangzhou',
        vpcId: 'vpc-1ywqac83',
        eniId: null,
        instanceId: 'ins-00000016',
      }),
    }
    const { gaps } = diagnosisOf({ ...world, replace: { ...world.replace, crossTargets } })
    const lines = gaps.flatMap(({ byHand = [] }) => byHand).join('\n')
    expect(lines).not.toContain('k8s-app=kube-proxy')
  })
})

describe('a list of commands', () => {
  it('names the backend that it was written for', () => {
    expect(linesFor({})[0]).toBe('# for 10.0.1.16:8080')
  })

  it('names the others too', () => {
    expect(linesFor({ hosts: [16, 17, 18] })[0]).toBe(
      '# for example 10.0.1.16:8080 of 3: also 10.0.1.17:8080, 10.0.1.18:8080',
    )
  })
})
