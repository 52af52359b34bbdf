import { describe, expect, it } from 'vitest'
import { CHECKS } from '../../src/checks/index.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { isRefutedInside } from '../../src/model/unjudged.ts'
import { findingOf } from '../support/findings.ts'
import {
  AT,
  filterRule,
  type HandReason,
  type Inside,
  type LookedWorld,
  lookedInto,
} from '../support/guests.ts'
import { findingsOf, healthCheck, type World } from '../support/snapshots.ts'

// What a look inside a machine says about one Dead backend, for every reason of every check of the inside.

const dead = (...hosts: readonly number[]) => hosts.map((host) => ({ host, status: 'Dead' }))
const range = { healthCheck: healthCheck({ sourceIpType: 1 }) }
const http = {
  healthCheck: healthCheck({ sourceIpType: 1, type: 'HTTP', method: 'HEAD', path: '/health', httpCodes: 2 }),
}
const ping = { healthCheck: healthCheck({ sourceIpType: 1, type: 'PING' }) }

const looked = (reasons: readonly HandReason[], world: Partial<World> = {}): LookedWorld => ({
  machines: dead(16),
  listener: range,
  ...world,
  inside: { 16: { reasons } },
})

interface Row {
  readonly reason: HandReason
  readonly listener?: World['listener']
  /** A part of the title. */
  readonly title: RegExp
  readonly quote: string
  readonly commands: readonly string[]
}

const SET = (line: string): string =>
  `sysctl -w ${line} && echo '${line}' >> /etc/sysctl.d/99-zz-clb-health-check.conf`
const drop = filterRule()
const forward = filterRule({ chain: 'FORWARD' })

const ROWS: Readonly<Record<string, Omit<Row, 'reason'> & { readonly reason: Omit<HandReason, 'code'> }>> = {
  'guest-port/not-listening': {
    reason: {
      outcome: 'refused',
      decidedBy: 'ss: nothing on TCP 8080',
      params: { listening: ['0.0.0.0:22'] },
    },
    title: /Nothing listens on TCP 8080 on machine ins-00000016 \(10\.0\.1\.16\)/,
    quote: 'Listening: 0.0.0.0:22',
    commands: [],
  },
  'guest-port/loopback-only': {
    reason: { outcome: 'refused', params: { process: 'nginx', listening: ['127.0.0.1:8080'] } },
    title: /On machine ins-00000016 \(10\.0\.1\.16\), nginx listens on the loopback address only/,
    quote: '127.0.0.1:8080',
    commands: [],
  },
  'guest-port/other-address': {
    reason: { outcome: 'refused', params: { listening: ['10.0.1.99:8080'] } },
    title: /the service does not listen on the address of the backend \(port 8080\)/,
    quote: '10.0.1.99:8080',
    commands: [],
  },
  'guest-port/backlog-full': {
    reason: {
      params: { process: 'java', queued: 129, backlog: 128, allowed: 4096 },
      decidedBy: 'Recv-Q 129 Send-Q 128',
    },
    title: /The queue of java on machine ins-00000016 \(10\.0\.1\.16\) is full \(129 of 128\)/,
    quote: 'Recv-Q 129 Send-Q 128',
    commands: [],
  },
  'guest-http/refused': {
    reason: { outcome: 'wrong-answer', decidedBy: 'HEAD /health: reset', params: { end: 'reset' } },
    listener: http,
    title:
      /The service on machine ins-00000016 \(10\.0\.1\.16\) accepts the connection, resets it and does not answer/,
    quote: 'HEAD /health: the service accepts the connection, resets it',
    commands: [],
  },
  'guest-http/status-mismatch': {
    reason: { outcome: 'wrong-answer', params: { request: 'HEAD /health', status: 404, expected: '2xx' } },
    listener: http,
    title: /gets 404 from machine ins-00000016 \(10\.0\.1\.16\), and 2xx is expected/,
    quote: 'HEAD /health → 404',
    commands: [expect.stringMatching(/^tccli clb ModifyListener .*"HttpCode":10,/)],
  },
  'guest-http/too-slow': {
    reason: {
      outcome: 'http-timeout',
      decidedBy: 'HEAD /health: 3.0 s',
      params: { seconds: 2.4, timeout: 2 },
    },
    listener: http,
    title: /does not answer the health check within 2 s/,
    quote: 'HEAD /health: answered after 2.4 s',
    commands: [expect.stringMatching(/^tccli clb ModifyListener .*"TimeOut":3,/)],
  },
  'guest-http/tls-mismatch': {
    reason: { outcome: 'wrong-answer', decidedBy: 'HEAD /health: 400', params: { speaks: 'tls' } },
    listener: http,
    title: /Port 8080 of machine ins-00000016 \(10\.0\.1\.16\) takes only TLS/,
    quote: 'HEAD /health: 400',
    commands: [expect.stringMatching(/"CheckType":"TCP"/)],
  },
  'guest-http/head-not-supported': {
    reason: { outcome: 'wrong-answer', params: { request: 'HEAD /health', status: 405, get: 200 } },
    listener: http,
    title: /HEAD gets 405 from machine ins-00000016 \(10\.0\.1\.16\), and GET gets 200/,
    quote: 'HEAD /health → 405',
    commands: [expect.stringMatching(/"HttpCheckMethod":"GET"/)],
  },
  'guest-firewall/probe-dropped': {
    reason: { rule: drop },
    title: /A rule of iptables on machine ins-00000016 \(10\.0\.1\.16\) drops the health check/,
    quote: 'iptables filter INPUT: -s 100.64.0.0/10 -j DROP',
    commands: ['iptables -I INPUT 3 -s 100.64.0.0/10 -p tcp --dport 8080 -j ACCEPT'],
  },
  'guest-firewall/probe-rejected': {
    reason: { rule: filterRule({ index: null, text: 'REJECT' }), outcome: 'rejected' },
    title: /The iptables policy of INPUT on machine ins-00000016 \(10\.0\.1\.16\) rejects the health check/,
    quote: 'iptables filter INPUT: REJECT',
    commands: ['iptables -A INPUT -s 100.64.0.0/10 -p tcp --dport 8080 -j ACCEPT'],
  },
  'guest-kernel/conntrack-full': {
    reason: { params: { count: 65536, max: 65536 }, decidedBy: 'nf_conntrack_count 65536' },
    title: /The connection table of machine ins-00000016 \(10\.0\.1\.16\) is full \(65536 of 65536\)/,
    quote: 'nf_conntrack_count 65536',
    commands: [SET('net.netfilter.nf_conntrack_max=131072')],
  },
  'guest-kernel/rp-filter': {
    reason: { params: { device: 'eth0', back: 'eth1' }, decidedBy: 'rp_filter 1' },
    title: /The reverse-path filter \(rp_filter\) of machine ins-00000016/,
    quote: 'rp_filter 1',
    commands: [SET('net.ipv4.conf.eth0.rp_filter=2')],
  },
  'guest-kernel/no-route-back': {
    reason: { params: { route: 'blackhole 100.64.0.0/10' } },
    title: /No route on machine ins-00000016 \(10\.0\.1\.16\) leads back/,
    quote: 'blackhole 100.64.0.0/10',
    commands: ['ip route del blackhole 100.64.0.0/10'],
  },
  'guest-kernel/link-down': {
    reason: { params: { device: 'eth0', failure: 'DOWN', way: 'in' }, decidedBy: 'ip link: eth0 DOWN' },
    title: /Network interface eth0 of machine ins-00000016 \(10\.0\.1\.16\) is down/,
    quote: 'ip link: eth0 DOWN',
    commands: ['ip link set dev eth0 up'],
  },
  'guest-kernel/arp-off': {
    reason: { params: { device: 'eth0' }, decidedBy: 'ip link: eth0 NOARP' },
    title: /Network interface eth0 of machine ins-00000016 \(10\.0\.1\.16\) does not answer ARP/,
    quote: 'ip link: eth0 NOARP',
    commands: ['ip link set dev eth0 arp on'],
  },
  'guest-kernel/tw-recycle': {
    reason: { decidedBy: 'net.ipv4.tcp_tw_recycle 1' },
    title: /tcp_tw_recycle is on at machine ins-00000016/,
    quote: 'net.ipv4.tcp_tw_recycle 1',
    commands: [SET('net.ipv4.tcp_tw_recycle=0')],
  },
  'guest-forwarding/ip-forward-off': {
    reason: { decidedBy: 'net.ipv4.ip_forward 0' },
    title: /IP forwarding is off on machine ins-00000016/,
    quote: 'net.ipv4.ip_forward 0',
    commands: [SET('net.ipv4.ip_forward=1')],
  },
  'guest-forwarding/interface-forwarding-off': {
    reason: { params: { sysctls: ['net.ipv4.conf.eth0.forwarding'] }, decidedBy: 'eth0 0' },
    title: /An interface of machine ins-00000016/,
    quote: 'eth0 0',
    commands: [SET('net.ipv4.conf.eth0.forwarding=1')],
  },
  'guest-forwarding/forward-policy-drop': {
    reason: { rule: { ...forward, index: null, text: 'DROP' } },
    title: /The chain FORWARD of machine ins-00000016/,
    quote: 'iptables filter FORWARD: DROP',
    commands: ['iptables -P FORWARD ACCEPT'],
  },
  'guest-forwarding/forward-foreign-rule': {
    reason: { rule: forward },
    title: /A FORWARD rule on machine ins-00000016/,
    quote: 'iptables filter FORWARD: -s 100.64.0.0/10 -j DROP',
    commands: ['iptables -I FORWARD 3 -s 100.64.0.0/10 -p tcp -j ACCEPT'],
  },
  'guest-icmp/echo-ignored': {
    reason: { decidedBy: 'net.ipv4.icmp_echo_ignore_all 1' },
    listener: ping,
    title: /Pings are ignored by the kernel of machine ins-00000016/,
    quote: 'net.ipv4.icmp_echo_ignore_all 1',
    commands: [SET('net.ipv4.icmp_echo_ignore_all=0')],
  },
  'guest-icmp/rate-limited': {
    reason: { params: { sysctls: ['net.ipv4.icmp_ratemask'] }, decidedBy: 'net.ipv4.icmp_ratemask 6169' },
    listener: ping,
    title: /Pings are limited on machine ins-00000016/,
    quote: 'net.ipv4.icmp_ratemask 6169',
    commands: [SET('net.ipv4.icmp_ratemask=6168')],
  },
  'guest-icmp/icmp-dropped': {
    reason: { rule: filterRule({ text: '-p icmp -j DROP' }) },
    listener: ping,
    title: /A rule of iptables on machine ins-00000016 \(10\.0\.1\.16\) drops the pings/,
    quote: 'iptables filter INPUT: -p icmp -j DROP',
    commands: ['iptables -I INPUT 3 -s 100.64.0.0/10 -p icmp --icmp-type echo-request -j ACCEPT'],
  },
}

const INSIDE = CHECKS.filter(({ id }) => id.startsWith('guest-'))
const CODES = INSIDE.flatMap(({ id, reasons }) =>
  Object.keys(reasons).map((reason) => `${id}/${reason}` as const),
)
const outcomeOf = ({ checks }: Diagnosis, id: string) => checks.find(({ check }) => check === id)

describe('a reason inside the machine of a Dead backend', () => {
  it.each(CODES)('%s is its certain cause, with the machine, the proof and the change', (code) => {
    const row = ROWS[code]
    if (!row) throw new Error(`no row for ${code}`)
    const world = looked([{ ...row.reason, code }], row.listener ? { listener: row.listener } : {})
    const diagnosis = lookedInto(world)
    const found = findingOf(diagnosis, code)
    expect(findingsOf(diagnosis)).toContain(`${code} cause certain → 16`)
    expect(found.title).toMatch(row.title)
    expect(found.quote).toBe(row.quote)
    expect(found.resources).toMatchObject([{ type: 'cvm', id: 'ins-00000016' }])
    expect(found.detail).toContain('2026-11-20 00:00:00 UTC')
    expect((found.fix?.commands ?? []).map(({ line }) => line)).toEqual(row.commands)
    expect(diagnosis.gaps.filter(({ byHand = [] }) => byHand.length > 0)).toEqual([])
    expect(outcomeOf(diagnosis, code.split('/')[0] ?? '')).toMatchObject({ outcome: 'found' })
  })

  it.each(CODES)('%s is told in every language, without an open place', (code) => {
    const row = ROWS[code]
    for (const language of LANGUAGES) {
      const world = looked([{ ...row?.reason, code }], row?.listener ? { listener: row.listener } : {})
      const { title, quote, detail, fix } = findingOf(lookedInto(world, language), code)
      expect([title, quote, detail, fix?.summary].join('\n')).not.toMatch(/[{}]|undefined|\[object/)
    }
  })
})

it('a longer time-out is long enough for each backend of the pool', () => {
  const slow = (seconds?: number) => ({
    reasons: [
      {
        code: 'guest-http/too-slow' as const,
        outcome: 'http-timeout' as const,
        params: { timeout: 2, ...(seconds === undefined ? {} : { seconds }) },
      },
    ],
  })
  const linesOf = (inside: LookedWorld['inside']) =>
    findingOf(lookedInto({ machines: dead(16, 17), listener: http, inside }), 'guest-http/too-slow').fix
      ?.commands
  const lines = linesOf({ 16: slow(3.4), 17: slow(2.4) })
  expect(lines?.map(({ line }) => /"TimeOut":(\d+)/.exec(line)?.[1])).toEqual(['4'])
  expect(linesOf({ 16: slow(2.4), 17: slow() })).toBeUndefined()
})

describe('a command for a limit', () => {
  const linesOf = (code: HandReason['code'], of: readonly [object, Record<string, string>][]) => {
    const inside = Object.fromEntries(
      of.map(([params, sysctls], i) => [
        16 + i,
        { reasons: [{ code, params } as HandReason], facts: { sysctls } },
      ]),
    )
    const machines = dead(...of.map((_, i) => 16 + i))
    const { findings } = lookedInto({ machines, listener: range, inside })
    return findings
      .filter((one) => one.code === code)
      .map(({ fix }) => fix?.commands?.map(({ line }) => line))
  }

  it('of the queue is given only where it raises the limit', () => {
    const full = { process: 'java', queued: 129, backlog: 128 }
    const limitedTo = (...limits: readonly string[]) =>
      linesOf(
        'guest-port/backlog-full',
        limits.map((limit) => [{ ...full, allowed: Number(limit) }, { 'net.core.somaxconn': limit }]),
      )
    expect(limitedTo('128')).toEqual([[SET('net.core.somaxconn=4096')]])
    expect(limitedTo('4096')).toEqual([undefined])
    expect(limitedTo('128', '65535')).toEqual([undefined])
  })

  it('of the connection table makes none of several machines smaller', () => {
    const full = (max: number): [object, Record<string, string>] => [{ count: max, max }, {}]
    expect(linesOf('guest-kernel/conntrack-full', [full(65_536), full(262_144)])).toEqual([
      [SET('net.netfilter.nf_conntrack_max=524288')],
    ])
  })
})

it('the setting of a VLAN is written as sysctl takes it', () => {
  const params = { device: 'eth0.100', back: 'eth1', sysctls: ['net.ipv4.conf.eth0.100.rp_filter'] }
  const found = findingOf(
    lookedInto(looked([{ code: 'guest-kernel/rp-filter', params }])),
    'guest-kernel/rp-filter',
  )
  expect(found.fix?.commands?.map(({ line }) => line)).toEqual([SET('net.ipv4.conf.eth0/100.rp_filter=2')])
})

describe('a cause that is only possible', () => {
  it('says that a rule that was not read may send the probes to another port', () => {
    const params = { listening: ['0.0.0.0:8081'], ways: 'unread' }
    const world = looked([
      { code: 'guest-port/not-listening', outcome: 'refused', certainty: 'possible', params },
    ])
    expect(findingOf(lookedInto(world), 'guest-port/not-listening').detail).toContain(
      'The rules that send packets on to other ports (NAT) were not read.',
    )
  })

  it('a full queue is told without the limit, where no tool tells it', () => {
    const world = looked([{ code: 'guest-port/backlog-full', certainty: 'possible', params: { queued: 2 } }])
    expect(findingOf(lookedInto(world), 'guest-port/backlog-full').title).toContain(
      'is full (2 waiting, limit not read)',
    )
  })
})

describe('the text of a finding says what is so', () => {
  const foundOf = (reason: HandReason) => findingOf(lookedInto(looked([reason])), reason.code)

  it('of a short queue: a program that asks for less is not helped by the limit of the kernel', () => {
    const params = { queued: 3, backlog: 2, allowed: 4096 }
    const { fix } = foundOf({ code: 'guest-port/backlog-full', params })
    expect(fix?.commands ?? []).toEqual([])
    expect(fix?.summary).toContain('asks for a queue of 2 (the kernel allows 4096)')
  })

  it.each([
    ['guest-firewall/probe-dropped', 'DROP', 'its replies meet this rule and are dropped'],
    ['guest-firewall/probe-rejected', 'REJECT', 'so CLB sees a time-out'],
  ] as const)('of replies that a rule stops: %s', (code, action, text) => {
    const rule = filterRule({ chain: 'OUTPUT', text: `-d 100.64.0.0/10 -j ${action}` })
    const { detail, fix } = foundOf({ code, rule, params: { leg: 'reply' } })
    expect(detail).toContain(text)
    expect(detail).not.toContain('at once')
    expect(fix?.summary).toContain('let out the replies from port 8080 to 100.64.0.0/10')
  })

  it('of a policy of nft, which counts nothing', () => {
    const rule = filterRule({
      layer: 'nft',
      table: 'inet fw',
      chain: 'in',
      index: null,
      text: 'policy drop',
      packets: null,
    })
    const { title, detail } = foundOf({ code: 'guest-firewall/probe-dropped', rule, certainty: 'likely' })
    expect(title).toContain('The nft policy of in')
    expect(detail).toContain('has no counter')
    expect(detail).not.toContain('Look again')
  })
})

describe('of a listener with a range of ports', () => {
  const settings = healthCheck({ sourceIpType: 1, type: 'TCP' })
  const listener: World['listener'] = { port: 8000, endPort: 8100, healthCheck: settings }
  const certaintyOf = (reason: HandReason) =>
    findingOf(lookedInto(looked([reason], { listener })), reason.code).certainty

  it('the first port is possible only, because another one may be probed', () => {
    const rule = filterRule({ text: '-p tcp --dport 8080 -j DROP', isOfPort: true })
    expect(certaintyOf({ code: 'guest-port/not-listening', outcome: 'refused' })).toBe('possible')
    expect(certaintyOf({ code: 'guest-firewall/probe-dropped', rule })).toBe('possible')
  })

  it('a pass of the first port leaves the stages open, and the gap names the other ports', () => {
    const diagnosis = lookedInto(looked([], { listener }))
    const inside = ['guest-firewall', 'listener']
    const path = diagnosis.pools[0]?.targets[0]?.path ?? []
    const hops = path.filter(({ stage }) => inside.includes(stage))
    expect(hops.map(({ verdict, unknown }) => [verdict, unknown?.reason])).toEqual(
      inside.map(() => ['unknown', expect.stringContaining('probes of port 8080 pass')]),
    )
    expect(diagnosis.gaps.map(({ why }) => why).join('\n')).toContain('only the first one was looked at')
    expect(outcomeOf(diagnosis, 'guest-port')).toMatchObject({ outcome: 'unknown' })
  })

  it('what every port meets is as certain as of one port', () => {
    expect(certaintyOf({ code: 'guest-firewall/probe-dropped', rule: filterRule() })).toBe('certain')
    expect(certaintyOf({ code: 'guest-kernel/conntrack-full' })).toBe('certain')
  })
})

describe('a check of the inside', () => {
  const quiet: readonly [string, World['listener']][] = INSIDE.map(({ id }) => [
    id,
    id === 'guest-icmp' ? ping : http,
  ])

  it.each(quiet)('%s passes if the machine lets the probes in and answers', (id, listener = {}) => {
    const diagnosis = lookedInto({ machines: dead(16), listener, inside: { 16: {} } })
    expect(outcomeOf(diagnosis, id)).toEqual({ check: id, outcome: 'pass' })
  })

  it.each(quiet)('%s cannot tell if its layer could not be read', (id, listener = {}) => {
    const [stage, layer] =
      id === 'guest-port'
        ? (['listener', 'sockets'] as const)
        : id === 'guest-http'
          ? (['application', 'request'] as const)
          : (['guest-firewall', 'nft'] as const)
    const inside: Inside = {
      parts: [{ sources: ['100.64.0.0/10'], outcome: 'unknown', stage, decidedBy: null, code: null }],
      notSeen: [{ layer, why: 'tool', what: layer }],
    }
    const diagnosis = lookedInto({ machines: dead(16), listener, inside: { 16: inside } })
    expect(outcomeOf(diagnosis, id)).toEqual({ check: id, outcome: 'unknown', reason: 'guest-unclear' })
    expect(findingsOf(diagnosis).filter((one) => one.startsWith('guest-'))).toEqual([])
  })

  it('guest-icmp cannot tell if the setting that ignores pings was not read', () => {
    const inside: Inside = {
      parts: [
        {
          sources: ['100.64.0.0/10'],
          outcome: 'unknown',
          stage: 'listener',
          decidedBy: 'net.ipv4.icmp_echo_ignore_all',
          code: 'guest-icmp/echo-ignored',
        },
      ],
      notSeen: [{ layer: 'sysctl', why: 'left-out', what: 'net.ipv4.icmp_echo_ignore_all' }],
    }
    const diagnosis = lookedInto({ machines: dead(16), listener: ping, inside: { 16: inside } })
    expect(outcomeOf(diagnosis, 'guest-icmp')).toMatchObject({ outcome: 'unknown', reason: 'guest-unclear' })
  })

  it.each(quiet)('%s does not apply if nobody looked inside', (id, listener = {}) => {
    const diagnosis = lookedInto({ machines: dead(16), listener, inside: {} })
    expect(outcomeOf(diagnosis, id)).toEqual({ check: id, outcome: 'not-applicable' })
  })
})

describe('several machines', () => {
  it('with one reason are one finding, and the same rule at another place is the same rule', () => {
    const at = (index: number) =>
      ({ code: 'guest-firewall/probe-dropped', rule: filterRule({ index }) }) as const
    const found = findingOf(
      lookedInto({
        machines: dead(16, 17, 18),
        listener: range,
        inside: { 16: { reasons: [at(1)] }, 17: { reasons: [at(2)] }, 18: { reasons: [at(1)] } },
      }),
      'guest-firewall/probe-dropped',
    )
    expect(found.title).toContain('on 3 machines')
    expect(found.detail).toContain('ins-00000018 (10.0.1.18)')
    expect(found.resources).toHaveLength(3)
    expect(found.explains).toHaveLength(3)
  })

  it('of which one is healthy behind the same rule for the same probes refute the rule for all', () => {
    const own = { reasons: [{ code: 'guest-firewall/probe-dropped', rule: filterRule() }] } as const
    const diagnosis = lookedInto({
      machines: [...dead(16), { host: 17, status: 'Alive' }],
      listener: range,
      inside: { 16: own, 17: own },
    })
    const found = findingOf(diagnosis, 'guest-firewall/probe-dropped')
    expect(found).toMatchObject({ role: 'note', certainty: 'possible', explains: [] })
    expect(found.contradictedBy).toEqual(['lbl-aaaaaaaa/-/10.0.1.17:8080'])
    expect(diagnosis.gaps.map(({ what }) => what).join()).toContain('10.0.1.16:8080')
  })

  const REFUTED: readonly Omit<Row['reason'], 'stops'>[] = CODES.map((code) => ({
    ...ROWS[code]?.reason,
    code,
  }))

  it.each(REFUTED)('of which a healthy one shows the same show no cause: $code', (reason) => {
    const own = { reasons: [reason] }
    const diagnosis = lookedInto({
      machines: [...dead(16, 18), { host: 17, status: 'Alive' }],
      listener: ROWS[reason.code]?.listener ?? range,
      inside: { 16: own, 17: own, 18: own },
    })
    const found = diagnosis.findings.filter(({ code }) => code.startsWith('guest-'))
    expect(found).toMatchObject([
      { code: reason.code, role: 'note', certainty: 'possible', explains: [], fix: null },
    ])
    expect(found[0]?.title).toContain('yet the backend 10.0.1.17:8080, where it is the same, is healthy')
    expect(found[0]?.contradictedBy).toEqual(['lbl-aaaaaaaa/-/10.0.1.17:8080'])
    expect(diagnosis.gaps.map(({ what }) => what).join()).toContain('10.0.1.16:8080')
    expect(diagnosis.gaps.map(({ why }) => why).join()).toContain('because a healthy backend shows the same')
    expect(isRefutedInside(diagnosis)).toBe(true)
  })

  const status = (status: number, expected = '2xx') =>
    ({
      reasons: [
        {
          code: 'guest-http/status-mismatch',
          outcome: 'wrong-answer',
          params: { request: 'HEAD /health', status, expected },
        },
      ],
    }) as const

  it('keep their cause if a healthy one gets another answer', () => {
    const diagnosis = lookedInto({
      machines: [...dead(16), { host: 17, status: 'Alive' }],
      listener: http,
      inside: { 16: status(404), 17: status(403) },
    })
    expect(findingsOf(diagnosis).filter((one) => one.startsWith('guest-'))).toEqual([
      'guest-http/status-mismatch cause certain → 16',
      'guest-http/status-mismatch note possible',
    ])
    expect(isRefutedInside(diagnosis)).toBe(false)
  })

  it('with several ports are one kind: a healthy backend at another port of the pool shows the same', () => {
    const diagnosis = lookedInto({
      machines: [...dead(16), { host: 17, status: 'Alive', registration: { port: 8081 } }],
      listener: http,
      inside: { 16: status(403), 17: status(403) },
    })
    expect(findingsOf(diagnosis).filter((one) => one.includes(' cause '))).toEqual([])
  })
})

describe('certainty', () => {
  const code = 'guest-firewall/probe-dropped'
  const likely = { code, certainty: 'likely', rule: filterRule() } as const

  it('is what the machine allows: rules alone are likely, and the text says why', () => {
    const found = findingOf(lookedInto(looked([likely])), code)
    expect(found.certainty).toBe('likely')
    expect(found.detail).toContain('their counters were not seen to move with the probes')
  })

  it('of a moving counter is certain if nothing else explains the Dead backend', () => {
    const moving = { ...likely, isMoving: true }
    expect(findingOf(lookedInto(looked([moving])), code).certainty).toBe('certain')
    const other = { code: 'guest-port/not-listening', outcome: 'refused' } as const
    const beside = findingOf(lookedInto(looked([moving, other])), code)
    expect(beside.certainty).toBe('likely')
    expect(beside.detail).toContain('packets other than probes may move it')
  })

  it('is at most likely if the report was cut, or is older than the trouble', () => {
    const reason = { code, rule: filterRule() } as const
    const cut = lookedInto({
      ...looked([]),
      inside: { 16: { reasons: [reason], facts: { isComplete: false } } },
    })
    expect(findingOf(cut, code)).toMatchObject({ certainty: 'likely' })
    expect(findingOf(cut, code).detail).toContain('is not complete')
    const early = lookedInto({
      ...looked([], { replace: { alarmedAt: '2026-11-20T00:30:00.000Z' } }),
      inside: { 16: { reasons: [{ ...reason, isMoving: true }], at: AT } },
    })
    expect(findingOf(early, code)).toMatchObject({ certainty: 'likely' })
    expect(findingOf(early, code).detail).toContain('before the trouble began')
  })
})

describe('a rule that stops a part of the sources', () => {
  const code = 'guest-firewall/probe-dropped'
  const part: HandReason = { code, rule: filterRule(), stops: ['100.64.0.0/16'] }

  it('is a possible cause of a Dead backend, beside a gap', () => {
    const diagnosis = lookedInto(looked([part]))
    expect(findingsOf(diagnosis)).toContain(`${code} cause possible → 16`)
    expect(diagnosis.gaps.map(({ what }) => what).join()).toContain('10.0.1.16:8080')
    const [, , hop] = diagnosis.pools[0]?.targets[0]?.path ?? []
    expect(hop).toMatchObject({
      stage: 'guest-firewall',
      verdict: 'partial',
      blockedSources: ['100.64.0.0/16'],
    })
  })

  it('is a risk for a healthy one', () => {
    const diagnosis = lookedInto(looked([part], { machines: [{ host: 16, status: 'Alive' }] }))
    expect(findingsOf(diagnosis)).toEqual([`${code} risk certain`])
  })
})

describe('the opening in front of a rule', () => {
  const code = 'guest-firewall/probe-dropped'
  const linesOf = (world: LookedWorld): readonly string[] =>
    findingOf(lookedInto(world), code).fix?.commands?.map(({ line }) => line) ?? []

  it('stands before it on every machine', () => {
    const at = (index: number) => ({ reasons: [{ code, rule: filterRule({ index }) }] }) as const
    const world = { machines: dead(16, 17), listener: range, inside: { 16: at(4), 17: at(2) } }
    expect(linesOf(world)).toEqual(['iptables -I INPUT 2 -s 100.64.0.0/10 -p tcp --dport 8080 -j ACCEPT'])
  })

  it('is one for each port that the rule closes', () => {
    const own = { reasons: [{ code, rule: filterRule() }] } as const
    const machines = [
      ...dead(16),
      { host: 17, status: 'Dead', registration: { ip: '10.0.1.16', port: 9090 } },
    ]
    expect(linesOf({ machines, listener: range, inside: { 16: own } })).toEqual([
      'iptables -I INPUT 3 -s 100.64.0.0/10 -p tcp --dport 8080 -j ACCEPT',
      'iptables -I INPUT 3 -s 100.64.0.0/10 -p tcp --dport 9090 -j ACCEPT',
    ])
  })

  it('lets in what is closed, and no more, if that is little', () => {
    const rule = filterRule({ text: '-s 100.64.0.0/16 -j DROP' })
    expect(linesOf(looked([{ code, rule, stops: ['100.64.0.0/16'] }]))).toEqual([
      'iptables -I INPUT 3 -s 100.64.0.0/16 -p tcp --dport 8080 -j ACCEPT',
    ])
  })

  it('is the whole range of CLB if next to nothing of it is left out', () => {
    const stops = ['100.64.0.0/11', '100.96.0.0/12', '100.112.0.0/13', '100.120.0.0/14', '100.124.0.0/15']
    const nearly = [
      ...stops,
      '100.126.0.0/16',
      '100.127.0.0/17',
      '100.127.128.0/18',
      '100.127.192.0/19',
      '100.127.224.0/20',
    ]
    const vips = { balancer: { vips: nearly }, listener: { healthCheck: healthCheck({ sourceIpType: 0 }) } }
    const found = findingOf(lookedInto(looked([{ code, rule: filterRule(), stops: nearly }], vips)), code)
    expect(found.detail).toContain('Probes from nearly all of 100.64.0.0/10')
    expect(found.fix?.commands?.map(({ line }) => line)).toEqual([
      'iptables -I INPUT 3 -s 100.64.0.0/10 -p tcp --dport 8080 -j ACCEPT',
    ])
  })

  it('is for replies if the rule stops these', () => {
    const rule = filterRule({ chain: 'OUTPUT', index: 1, text: '-d 100.64.0.0/10 -j DROP' })
    expect(linesOf(looked([{ code, rule, params: { leg: 'reply' } }]))).toEqual([
      'iptables -I OUTPUT 1 -d 100.64.0.0/10 -p tcp --sport 8080 -j ACCEPT',
    ])
  })

  it('is left out if the names of the rule are no plain words', () => {
    const rule = filterRule({ chain: 'IN$(reboot)' })
    expect(linesOf(looked([{ code, rule }]))).toEqual([])
  })
})

describe('what hardly concerns the probes', () => {
  const code = 'guest-kernel/no-route-back'
  const own: HandReason = {
    code,
    params: { route: '100.100.100.100 dev tailscale0' },
    stops: ['100.100.100.100/32'],
  }

  it('is left out: a VPN has routes of its own', () => {
    const diagnosis = lookedInto(looked([own]))
    expect(findingsOf(diagnosis).join()).not.toContain(code)
    expect(diagnosis.gaps.map(({ why }) => why).join()).toContain('nothing was found that stops probes')
  })

  it('is told if such a probe was met', () => {
    const inside = { reasons: [own], halfOpen: ['100.100.100.100/32'] }
    const diagnosis = lookedInto({ ...looked([]), inside: { 16: inside } })
    expect(findingsOf(diagnosis)).toContain(`${code} cause possible → 16`)
  })

  it('is told if it is a rule, because that may be about the very prober', () => {
    const ban: HandReason = {
      code: 'guest-firewall/probe-dropped',
      rule: filterRule({ chain: 'f2b-http' }),
      stops: ['100.64.3.7/32'],
    }
    expect(findingsOf(lookedInto(looked([ban])))).toContain(
      'guest-firewall/probe-dropped cause possible → 16',
    )
  })
})

describe('an application', () => {
  it('of which the process is stopped is told so', () => {
    const params = { state: 'T', process: 'nginx', pids: ['7', '9'] }
    const reason: HandReason = { code: 'guest-http/too-slow', outcome: 'http-timeout', params }
    const { detail, fix } = findingOf(lookedInto(looked([reason], { listener: http })), reason.code)
    expect(detail).toContain('Process nginx (PID 7, 9) is stopped (state T)')
    expect(fix?.summary).toContain('kill -CONT 7')
  })

  it("that answers something odd, and several classes of codes, are told in the reader's words", () => {
    const params = { request: 'HEAD /health', expected: '2xx, 3xx', end: 'not-http' }
    const reason: HandReason = { code: 'guest-http/status-mismatch', outcome: 'wrong-answer', params }
    const found = findingOf(lookedInto(looked([reason], { listener: http }), 'zh-CN'), reason.code)
    expect(found.title).toContain('应答无法识别的内容，而期望的是 2xx、3xx')
  })
})

describe.each(LANGUAGES)('what several machines have to change, in %s', (language) => {
  const listening = { params: { process: 'nginx', listening: ['127.0.0.1:8080'] } } as const
  const reason: HandReason = { code: 'guest-port/loopback-only', outcome: 'refused', ...listening }
  const fixFor = (...hosts: readonly number[]): string => {
    const inside = Object.fromEntries(hosts.map((host) => [host, { reasons: [reason] }]))
    const diagnosis = lookedInto({ machines: dead(...hosts), listener: range, inside }, language)
    return findingOf(diagnosis, 'guest-port/loopback-only').fix?.summary ?? ''
  }

  it('is of a program that all of them run, or of the service', () => {
    const titleOf = (second: string): string => {
      const other = { ...reason, params: { ...reason.params, process: second } }
      const inside = { 16: { reasons: [reason] }, 17: { reasons: [other] } }
      const diagnosis = lookedInto({ machines: dead(16, 17), listener: range, inside }, language)
      return findingOf(diagnosis, 'guest-port/loopback-only').title
    }
    expect(titleOf('nginx')).toContain('nginx')
    expect(titleOf('python3')).not.toMatch(/nginx|python3/)
  })

  it('is the address of each, not of one of them', () => {
    expect(fixFor(16)).toContain('10.0.1.16')
    expect(fixFor(16, 17)).not.toMatch(/10\.0\.1\./)
    expect(fixFor(16, 17)).toContain(language === 'en' ? "each machine's own" : '各台机器自己的')
  })
})
