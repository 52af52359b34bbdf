import { describe, expect, it } from 'vitest'
import { virtualServicesIn } from '../../src/guest/evaluate/ipvs.ts'
import { evaluateGuest, factsOf } from '../../src/guest/index.ts'
import { check, outcomeIn, set } from './recordings.ts'

// No kernel of the tests has IPVS, so these texts stand for it: `ipvsadm -Ln` 1.31 and /proc/net/ip_vs of Linux 5.14.

const IPVSADM = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.0.1.16:30080 rr
  -> 172.16.0.5:8080              Masq    1      0          12
  -> 172.16.1.7:8080              Masq    0      0          0
TCP  10.0.1.16:30443 rr persistent 10800
UDP  10.0.1.16:30053 rr
  -> 172.16.0.9:53                Masq    1      0          0
TCP  [2402:4e00:1000:2611:a:b:c:d]:8080 rr
  -> [fd00::5]:8080               Masq    1      0          0
`

const PROC = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  0A000110:7580 rr  
  -> AC100005:1F90      Masq    1      0          12        
  -> AC100107:1F90      Masq    0      0          0         
TCP  0A000110:76EB rr persistent 10800 FFFFFFFF
UDP  0A000110:7565 rr  
  -> AC100009:0035      Masq    1      0          0         
TCP  [2402:4e00:1000:2611:000a:000b:000c:000d]:1F90 rr  
  -> [fd00:0000:0000:0000:0000:0000:0000:0005]:1F90      Masq    1      0          0         
`

const services = (text: string) =>
  virtualServicesIn(text).map(
    ({ protocol, address, port, servers }) =>
      `${protocol} ${address} ${port}: ${servers.map((one) => `${one.address} ${one.port}`).join(', ')}`,
  )

describe('the virtual services of IPVS', () => {
  it('are read from ipvsadm, without real servers of weight 0', () => {
    expect(services(IPVSADM)).toEqual([
      'tcp 10.0.1.16 30080: 172.16.0.5 8080',
      'tcp 10.0.1.16 30443: ',
      'udp 10.0.1.16 30053: 172.16.0.9 53',
      'tcp 2402:4e00:1000:2611:a:b:c:d 8080: fd00::5 8080',
    ])
  })

  it('are read from /proc/net/ip_vs, whose numbers are hexadecimal and whose addresses have all their zeros', () => {
    expect(services(PROC)).toEqual(services(IPVSADM))
  })

  it('by mark have no address, and their real servers are of no other service', () => {
    const marked = (text: string, mark: string, server: string): string =>
      text.replace(/^UDP/m, `${mark} rr\n  -> ${server} Masq 1 0 0\nUDP`)
    expect(services(marked(IPVSADM, 'FWM  1', '172.16.0.77:8443'))).toEqual(services(IPVSADM))
    expect(services(marked(PROC, 'FWM  00000001', 'AC10004D:20FB'))).toEqual(services(PROC))
  })

  it('of an empty table are none', () => {
    expect(services(IPVSADM.split('\n').slice(0, 3).join('\n'))).toEqual([])
    expect(services('')).toEqual([])
  })
})

describe('a node whose kube-proxy uses IPVS', () => {
  const HEAD = [
    'clb-doctor-probe 1',
    'target=10.0.1.16',
    'protocol=tcp',
    'sources=100.64.0.0/10,10.0.0.30/32',
    'listen-list=ss',
  ]
  const FACTS = [
    'listen.ss=tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*',
    'proc-list=tcp',
    'sysctl.net.ipv4.ip_forward=1',
    'sysctl.net.ipv4.conf.all.forwarding=1',
    'device-sysctl.ipv4/eth0/forwarding=1',
    'device-sysctl.ipv4/eth0/rp_filter=0',
    'sysctl.net.ipv4.conf.all.rp_filter=0',
    'sysctl.net.netfilter.nf_conntrack_count=210',
    'sysctl.net.netfilter.nf_conntrack_max=262144',
    'device-list=ip 1',
    'device=2: eth0    inet 10.0.1.16/24 scope global eth0',
    'link-list=ip 1',
    'link=2: eth0: <UP> mtu 1500',
    'tc.eth0=no',
    'queue-list=eth0 0',
    'xfrm=none',
    'neighbour-list=ip 0',
    'arp=none',
    'device-sysctl.ipv4/eth0/arp_ignore=0',
    'device-sysctl.ipv4/eth0/arp_filter=0',
    'sysctl.net.ipv4.conf.all.arp_ignore=0',
    'sysctl.net.ipv4.conf.all.arp_filter=0',
  ]
  const ROUTES = [
    'default via 10.0.1.1 dev eth0',
    '10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.16',
    'local 10.0.1.16 dev eth0 table local proto kernel scope host src 10.0.1.16',
  ]
  const section = (name: string, lines: readonly string[]): readonly string[] => [
    `== ${name} ${lines.length}`,
    ...lines,
  ]
  const evaluated = (port: number, request: string, ipvs: string, routes = ROUTES) => {
    const text = [
      ...HEAD,
      `port=${port}`,
      ...FACTS,
      `request=bash tcp - 10.0.1.16 ${port} own 2000 ${request}`,
      'empty=iptables-legacy',
      'empty=ipset',
      ...section('policies', ['0:\tfrom all lookup local', '32766:\tfrom all lookup main']),
      ...section('routes-ip', routes),
      ...section('iptables', []),
      ...section('nft', []),
      ...section('ipvs', ipvs.trimEnd().split('\n')),
      'clb-doctor-probe end',
      '',
    ].join('\n')
    const facts = factsOf({ kind: 'probe', text, by: 'hand', at: '2026-11-29T12:00:00Z', instanceId: null })
    return evaluateGuest(facts, check(port, { kind: 'tcp' }), set('100.64.0.0/10'))
  }

  it.each([
    ['ipvsadm', IPVSADM],
    ['/proc', PROC],
  ])('needs no socket for a NodePort with pods: %s', (_, text) => {
    const evaluation = evaluated(30_080, '0 10 connected ', text)
    expect([outcomeIn(evaluation, '100.64.0.5'), evaluation.reasons]).toEqual(['ok', []])
  })

  it.each([
    ['ipvsadm', IPVSADM],
    ['/proc', PROC],
  ])('has no pod behind a virtual service without real servers: %s', (_, text) => {
    const evaluation = evaluated(30_443, '7 10 bash: connect: Connection refused ', text)
    expect(outcomeIn(evaluation, '100.64.0.5')).toBe('refused')
    expect(evaluation.reasons.map(({ code, certainty }) => [code, certainty])).toEqual([
      ['tke-pod/no-endpoints', 'certain'],
    ])
  })

  it('answers to itself if the source is a VIP that it has as its own address', () => {
    const vip = 'local 10.0.0.30 dev kube-ipvs0 table local proto kernel scope host src 10.0.0.30'
    const { facts } = evaluated(30_080, '0 10 connected ', PROC, [...ROUTES, vip])
    const evaluation = evaluateGuest(facts, check(30_080, { kind: 'tcp' }), set('10.0.0.30/32'))
    expect(outcomeIn(evaluation, '10.0.0.30')).toBe('timeout')
    expect(evaluation.reasons.map(({ code }) => code)).toEqual(['guest-kernel/no-route-back'])
  })
})
