import { describe, expect, it } from 'vitest'
import type { HealthCheck, LoadBalancer } from '../../src/model/snapshot.ts'
import { findingOf } from '../support/findings.ts'
import { diagnosisOf, findingsOf, healthCheck, type Machine, type World } from '../support/snapshots.ts'

// Settings that no answer can meet, and the commands that change settings: each sends everything that was read.

const dead = (host: number, registration: Machine['registration'] = {}): Machine => ({
  host,
  status: 'Dead',
  registration,
})

/** A layer-4 listener with this check. Its only backend is Dead. */
const checked = (check: Partial<HealthCheck>, fields: Partial<World> = {}): World => ({
  machines: [dead(16)],
  listener: { healthCheck: healthCheck(check) },
  ...fields,
})

/** A layer-7 rule of this domain with this check. Its only backend is Dead. */
const ruled = (domain: string, check: Partial<HealthCheck>, balancer: Partial<LoadBalancer> = {}): World => ({
  machines: [dead(16, { locationId: 'loc-1' })],
  balancer,
  listener: {
    protocol: 'HTTPS',
    healthCheck: null,
    rules: [
      {
        locationId: 'loc-1',
        domain,
        url: '/',
        healthCheck: healthCheck({ type: 'HTTP', ...check }),
        forwardType: 'HTTP',
        targetType: 'NODE',
        targetGroupIds: [],
        redirectsTo: null,
      },
    ],
  },
})

const BAD = 'health-check-config/bad-expectation'
const lineOf = (world: World, code: string) =>
  findingsOf(diagnosisOf(world)).find((line) => line.startsWith(code))
const commandsOf = (world: World, code: string) =>
  findingOf(diagnosisOf(world), code).fix?.commands?.map(({ line }) => line) ?? []

describe('an expectation that no answer meets', () => {
  it('is a certain cause if the check accepts 1xx only, and the command adds 2xx', () => {
    const world = ruled('shop.example.com', { httpCodes: 1, host: 'shop.example.com' })
    expect(lineOf(world, BAD)).toBe(`${BAD} cause certain → 16`)
    expect(commandsOf(world, BAD)).toEqual([
      `tccli clb ModifyRule --region ap-guangzhou --LoadBalancerId lb-7dpmqwcu --ListenerId lbl-aaaaaaaa --LocationId loc-1 --HealthCheck '{"HealthSwitch":1,"TimeOut":2,"IntervalTime":5,"HealthNum":3,"UnHealthNum":3,"CheckType":"HTTP","SourceIpType":0,"HttpCode":3,"HttpCheckDomain":"shop.example.com"}'`,
    ])
  })

  it('is one finding, without another one for codes that leave out 2xx', () => {
    expect(
      lineOf(ruled('a.example', { httpCodes: 1 }), 'health-check-config/codes-exclude-2xx'),
    ).toBeUndefined()
  })

  it.each([
    ['codes that are none', { type: 'HTTP', httpCodes: 0 }, 'possible'],
    ['a gRPC code that gRPC does not define', { type: 'GRPC', extendedCode: '20,25' }, 'possible'],
    ['a gRPC code that cannot be read', { type: 'GRPC', extendedCode: 'OK' }, 'possible'],
    [
      'hexadecimal of odd length',
      { type: 'CUSTOM', contextType: 'HEX', sendContext: '0A1', recvContext: 'FF' },
      'likely',
    ],
    [
      'hexadecimal with other characters',
      { type: 'CUSTOM', contextType: 'HEX', sendContext: 'FF', recvContext: 'pong' },
      'likely',
    ],
    [
      'text that is not ASCII',
      { type: 'CUSTOM', contextType: 'TEXT', sendContext: '你好', recvContext: 'ok' },
      'possible',
    ],
    [
      'a custom check without an answer',
      { type: 'CUSTOM', contextType: 'TEXT', sendContext: 'ping', recvContext: null },
      'possible',
    ],
  ])('is a cause for %s, as sure as the documents', (_, check, certainty) => {
    expect(lineOf(checked(check), BAD)).toBe(`${BAD} cause ${certainty} → 16`)
  })

  it.each([
    ['1xx beside 2xx', { type: 'HTTP', httpCodes: 3 }],
    ['3xx alone', { type: 'HTTP', httpCodes: 4 }],
    ['gRPC codes with a defined one', { type: 'GRPC', extendedCode: '0-99' }],
    ['gRPC codes that were not given', { type: 'GRPC' }],
    [
      'whole hexadecimal in lower case',
      { type: 'CUSTOM', contextType: 'HEX', sendContext: '0a1b', recvContext: 'ff' },
    ],
    [
      'text that looks like odd hexadecimal',
      { type: 'CUSTOM', contextType: 'TEXT', sendContext: 'abc', recvContext: 'd' },
    ],
    ['a content that was not given', { type: 'CUSTOM', contextType: 'HEX' }],
    ['codes of a check by TCP', { type: 'TCP', httpCodes: 1 }],
  ])('is not seen in %s', (_, check) => {
    expect(lineOf(checked(check), BAD)).toBeUndefined()
  })

  it('is a note if a backend is healthy under it', () => {
    const world = {
      ...checked({ type: 'HTTP', httpCodes: 1 }),
      machines: [dead(16), { host: 17, status: 'Alive' }],
    }
    expect(lineOf(world, BAD)).toBe(`${BAD} note possible`)
  })
})

describe('a rule whose domain is a pattern', () => {
  const WILD = 'health-check-config/wildcard-domain'
  it.each([
    ['*.example.com', null],
    ['www.example.*', null],
    ['~^a+\\.example\\.com$', null],
    ['*.example.com', '*.example.com'],
    ['shop.example.com', '*.example.com'],
  ])('%s with the check domain %s has no fixed check domain', (domain, host) => {
    expect(lineOf(ruled(domain, { host }), WILD)).toBe(`${WILD} cause possible → 16`)
  })

  it.each([
    ['*.example.com', 'shop.example.com', 'HTTP'],
    ['shop.example.com', null, 'HTTP'],
    ['*.example.com', null, 'TCP'],
  ])('%s with the check domain %s and a check by %s is right', (domain, host, type) => {
    expect(lineOf(ruled(domain, { host, type }), WILD)).toBeUndefined()
  })
})

describe('a check port that is a NodePort beside NodePorts', () => {
  const world = (port: number, balancer: Partial<LoadBalancer> = {}): World => ({
    ...checked({ port }, { balancer }),
    machines: [dead(16, { port: 30_467 })],
  })

  it('is a note that says to keep it, because it may be the healthCheckNodePort', () => {
    const found = findingOf(diagnosisOf(world(31_079)), 'health-check-config/port-differs')
    expect([found.role, found.fix]).toEqual(['note', null])
    expect(found.detail).toContain('healthCheckNodePort')
  })

  it('is a suspect if it is no NodePort, and the command clears it with -1', () => {
    const code = 'health-check-config/port-differs'
    expect(lineOf(world(9090), code)).toBe(`${code} cause possible → 16`)
    expect(commandsOf(world(9090), code).at(-1)).toContain('"CheckPort":-1')
  })
})

describe('a command that changes a setting', () => {
  const HEAD = 'health-check-config/method-head'

  it('sends every setting that was read', () => {
    const own = {
      type: 'HTTP',
      port: 8081,
      method: 'HEAD',
      host: 'shop.example.com',
      path: "/it's",
      httpVersion: 'HTTP/1.1',
      httpCodes: 6,
      sourceIpType: 1,
    }
    const [line] = commandsOf(checked(own), HEAD)
    const argument = /--HealthCheck '(.*)'$/.exec(line ?? '')?.[1] ?? ''
    const sent = JSON.parse(argument.replaceAll("'\\''", "'"))
    expect(sent).toEqual({
      HealthSwitch: 1,
      TimeOut: 2,
      IntervalTime: 5,
      HealthNum: 3,
      UnHealthNum: 3,
      CheckType: 'HTTP',
      CheckPort: 8081,
      SourceIpType: 1,
      HttpCode: 6,
      HttpCheckPath: "/it's",
      HttpCheckDomain: 'shop.example.com',
      HttpCheckMethod: 'GET',
      HttpVersion: 'HTTP/1.1',
    })
  })

  it('is not given for a classic CLB, which has no such action', () => {
    const classic = checked({ type: 'HTTP', method: 'HEAD' }, { balancer: { generation: 'classic' } })
    expect(commandsOf(classic, HEAD)).toEqual([])
  })

  it('follows the TkeServiceConfig if TKE manages the CLB, and the fix names it first', () => {
    const balancer = { tags: { 'tke-clusterId': 'cls-1' } }
    const world = ruled('shop.example.com', { method: 'HEAD' }, balancer)
    expect(commandsOf(world, HEAD).map((line) => line.split(' ')[0])).toEqual(['kubectl', 'kubectl', 'tccli'])
    const { fix } = findingOf(diagnosisOf(world, 'zh-CN'), HEAD)
    expect(fix?.summary).toMatch(/^该负载均衡由 TKE 管理.*TkeServiceConfig/)
  })
})
