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

const SNAT = { snatPro: true, snatIps: [{ ip: '10.0.0.9', subnetId: null }] }
const UDP = { protocol: 'UDP', port: 53 } as const
const PING = { check: { type: 'PING' }, listener: UDP } as const

/** Commands that the probe stands for. */
const SINGLE =
  /\bss -ln|netstat|iptables|nft list|sysctl|echo_ignore|tcpdump|ip route get|kubectl get pods|ipvsadm/

describe('a backend that nobody looked into', () => {
  it.each([
    ['a machine', {}],
    ['a machine that is pinged', PING],
    ['a machine with a NodePort', { registration: { port: 30_467 } }],
    ['a node', { registration: { port: 30_467 }, balancer: TKE }],
    ['a pod', { registration: { type: 'GLOBALROUTE' }, balancer: TKE }],
    ['behind CCN', { registration: { type: 'CCN', instanceId: null }, balancer: SNAT }],
  ] as const)('is %s: the probe and what judges it, instead of single commands', (_, given: Given) => {
    const lines = linesFor(given)
    const port = given.registration?.port ?? 8080
    expect(lines[1]).toMatch(
      new RegExp(`^clb-doctor guest-script lb-7dpmqwcu 10\\.0\\.1\\.16:${port} --region ap-guangzhou  # `),
    )
    expect(lines[2]).toMatch(/^clb-doctor guest-judge - --target=10\.0\.1\.16/)
    expect(lines.join('\n')).not.toMatch(SINGLE)
  })

  it('has the settings of its check in the command that judges', () => {
    const check = {
      type: 'HTTP',
      method: 'HEAD',
      host: 'a.example',
      path: "/it's",
      httpCodes: 6,
      sourceIpType: 1,
    }
    expect(linesFor({ check })[2]).toMatch(
      /^clb-doctor guest-judge - --target=10\.0\.1\.16:8080 --source=100\.64\.0\.0\/10 --check=http --method=HEAD --path='\/it'\\''s' --host=a\.example --codes=2xx,3xx --timeout=2 {2}# /,
    )
  })

  it('is judged from a snapshot if its check has no options', () => {
    const lines = linesFor({ check: { type: 'GRPC', path: '/shop.Health/Check' } })
    expect(lines[2]).toMatch(
      /^clb-doctor diagnose lb-7dpmqwcu --region ap-guangzhou --save-snapshot clb\.json {2}# /,
    )
    expect(lines[3]).toMatch(/^clb-doctor guest-judge - --snapshot clb\.json {2}# /)
  })

  it('of a cluster has what kubectl tells, too', () => {
    const text = textFor({ registration: { port: 30_467 }, balancer: TKE })
    expect(text).toContain(
      'kubectl get svc,ingress,ep,endpointslices,po,no,ds -A -o json | clb-doctor guest-judge - --target 10.0.1.16:30467',
    )
    expect(textFor({})).not.toContain('kubectl')
  })
})

describe('a backend of a listener for a range of ports', () => {
  const RANGE = {
    listener: { port: 20_000, endPort: 20_100 },
    registration: { port: 10_000 },
    hosts: [16, 17],
  } as const

  it('is named with its range, and its first and last port are tried', () => {
    const [title, ...lines] = linesFor(RANGE)
    expect(title).toContain('10.0.1.16:10000-10100')
    expect(title).toContain('10.0.1.17:10000-10100')
    const sent = lines.filter((line) => line.startsWith('nc '))
    expect(sent.map((line) => line.split('  #')[0])).toEqual([
      'nc -vz -w 2 10.0.1.16 10000',
      'nc -vz -w 2 10.0.1.16 10100',
    ])
  })

  it('has the steps for one port if the check has a port of its own', () => {
    const text = textFor({ ...RANGE, check: { port: 9090 } })
    expect(text).toContain('--target=10.0.1.16:9090')
    expect(text).not.toContain('10100')
  })
})

describe('a backend that is checked by ping', () => {
  it.each([
    ['a machine', {}],
    ['a NodePort of a cluster', { registration: { port: 31_080 }, balancer: TKE }],
    ['a NodePort without a tag', { registration: { port: 31_080 } }],
  ])('is %s: it is pinged, and no port of it is tried', (_, more: Given) => {
    const text = textFor({ ...PING, ...more })
    expect(text).toContain('ping -c 3 10.0.1.16')
    expect(text).toContain('--check=ping')
    expect(text).not.toMatch(/nc -|curl|kubectl/)
  })

  it('is asked neither whether it listens nor which status it returns, in both languages', () => {
    expect(gapFor(PING).why).toMatch(/ping.*icmp_echo_ignore_all/)
    expect(gapFor(PING).why).not.toMatch(/listening|status code/)
    expect(gapFor(PING, 'zh-CN').why).toContain('安全组要放行 ICMP')
    expect(gapFor(PING, 'zh-CN').why).not.toMatch(/监听|状态码/)
  })

  it('is behind CCN: also from a machine of the CLB', () => {
    const ccn = { type: 'CCN', instanceId: null }
    const balancer = SNAT
    expect(textFor({ ...PING, registration: ccn, balancer })).toContain(
      "ping -c 3 10.0.1.16  # from a machine in the CLB's VPC",
    )
  })
})

describe('the request from another machine', () => {
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
    expect(lines).toContain('clb-doctor guest-script')
    expect(lines).not.toContain('kubectl')
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
