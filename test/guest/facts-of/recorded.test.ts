import { describe, expect, it } from 'vitest'
import { factsOf, type GuestFacts } from '../../../src/guest/index.ts'

const recorded = (files: Readonly<Record<string, string>>): GuestFacts =>
  factsOf({ kind: 'recorded', files, by: 'hand', at: '2026-11-29T12:00:00Z', instanceId: null })

const of = (command: string, printed: string, exit = 0, complaint = ''): string =>
  `$ ${command}\n${printed}${complaint === '' ? '' : `--stderr--\n${complaint}\n`}--exit ${exit}--\n`

const firstListening = (files: Readonly<Record<string, string>>) => recorded(files).listening?.[0]

describe('listening sockets of recordings', () => {
  it.each([
    ['*:80 *:*', '::', true],
    ['[::]:80 [::]:*', '::', false],
    ['0.0.0.0:80 0.0.0.0:*', '0.0.0.0', null],
    ['127.0.0.1%lo:80 0.0.0.0:*', '127.0.0.1', null],
  ])('tells %s of ss by its families', (ends, address, isDualStack) => {
    const ss = of('ss -H -lntu -p', `tcp LISTEN 2 1 ${ends} users:(("python3",pid=7,fd=3))\n`)
    expect(firstListening({ ss })).toMatchObject({
      protocol: 'tcp',
      address,
      isDualStack,
      port: 80,
      queued: 2,
      backlog: 1,
      process: { name: 'python3', pid: 7 },
    })
  })

  it('keeps the device that a socket is bound to', () => {
    const ss = of('ss -H -lntu', 'tcp LISTEN 0 128 0.0.0.0%eth1:80 0.0.0.0:*\n')
    expect(firstListening({ ss })?.device).toBe('eth1')
  })

  it('reads `*` of an ss before 4.13 as IPv4 alone', () => {
    const ss = of(
      'ss -lnt',
      'LISTEN 0 128 *:80 *:*\nLISTEN 0 128 127.0.0.1:25 *:*\nLISTEN 0 128 :::443 :::*\n',
    )
    expect(recorded({ ss }).listening?.map(({ address, isDualStack }) => [address, isDualStack])).toEqual([
      ['0.0.0.0', null],
      ['127.0.0.1', null],
      ['::', null],
    ])
  })

  it('does not guess the families of `:::80` of netstat and /proc', () => {
    const netstat = of('netstat -lntup', 'tcp6 0 0 :::80 :::* LISTEN 9/nginx: master\n')
    expect(firstListening({ 'netstat-p': netstat })).toMatchObject({
      address: '::',
      isDualStack: null,
      process: { name: 'nginx', pid: 9 },
    })
    const row = `   0: ${'0'.repeat(32)}:0050 ${'0'.repeat(32)}:0000 0A 00000000:00000002 00:00000000 00000000 0 0 9\n`
    const files = {
      'proc-net-tcp': of('cat /proc/net/tcp', ''),
      'proc-net-tcp6': of('cat /proc/net/tcp6', row),
    }
    expect(firstListening(files)).toMatchObject({ address: '::', isDualStack: null, queued: 2, port: 80 })
  })

  it('joins what only another list tells', () => {
    const files = {
      'ss-nop': of('ss -H -lntu', 'tcp LISTEN 0 128 *:80 *:*\n'),
      'netstat-p': of('netstat -lntup', 'tcp6 0 0 :::80 :::* LISTEN 9/nginx\n'),
    }
    expect(firstListening(files)).toMatchObject({
      isDualStack: true,
      process: { name: 'nginx' },
      backlog: 128,
    })
  })

  it('says that one half of /proc is not the whole list', () => {
    const { listening, notSeen } = recorded({ 'proc-net-tcp': of('cat /proc/net/tcp', '') })
    expect(listening).toEqual([])
    expect(notSeen).toContainEqual({ layer: 'sockets', why: 'left-out', what: 'proc-net-tcp6' })
  })

  it('tells UDP from TCP', () => {
    const ss = of('ss -H -lntu', 'udp UNCONN 0 0 0.0.0.0:80 0.0.0.0:*\n')
    expect(firstListening({ ss })).toMatchObject({ protocol: 'udp', port: 80, backlog: null })
  })

  it('does not take a tool that failed for an empty list', () => {
    const { listening, notSeen } = recorded({ ss: of('ss -H -lntu', '', 127, 'sh: 1: ss: not found') })
    expect(listening).toBeNull()
    expect(notSeen.find(({ layer }) => layer === 'iptables')?.why).toBe('left-out')
  })
})

describe('connections of recordings', () => {
  it('gives the peers of IPv6 sockets that carry IPv4', () => {
    const row =
      '   1: 0000000000000000FFFF00001001000A:0050 0000000000000000FFFF000009C87F64:E3F1 06 00000000:00000000 03:0 0 0\n'
    const { connections } = recorded({ 'proc-net-tcp6': of('cat /proc/net/tcp6', row) })
    expect(connections).toEqual([
      {
        localAddress: '10.0.1.16',
        localPort: 80,
        peerAddress: '100.127.200.9',
        peerPort: 58353,
        state: 'TIME_WAIT',
        unread: 0,
        unsent: 0,
      },
    ])
  })

  it('writes compressed IPv6 addresses', () => {
    const hex = '004E0224000000000000000010000000'
    const row = `   1: ${hex}:0050 ${'0'.repeat(24)}01000000:E3F1 01 00000000:00000000 03:0 0 0\n`
    const [one] = recorded({ 'proc-net-tcp6': of('cat /proc/net/tcp6', row) }).connections ?? []
    expect([one?.localAddress, one?.peerAddress]).toEqual(['2402:4e00::10', '::1'])
  })
})

describe('requests of recordings', () => {
  const curl = (printed: string, exit: number, complaint: string) =>
    recorded({
      curl: of(
        "curl -sS -m 6 -o /dev/null -w '%{http_code} %{time_total}' http://10.0.1.16:80/",
        printed,
        exit,
        complaint,
      ),
    }).requests[0]

  it.each([
    ['200 0.000369', 0, '', { kind: 'answer', status: 200, ms: 0 }],
    [
      '000 0.000108',
      7,
      "curl: (7) Failed to connect to 10.0.1.16 port 80 after 0 ms: Couldn't connect to server",
      { kind: 'refused', ms: 0 },
    ],
    [
      '000 0.000108',
      7,
      'curl: (7) Failed to connect to 10.0.1.16 port 80: No route to host',
      { kind: 'unreachable', ms: 0 },
    ],
    [
      '000 6.001604',
      28,
      'curl: (28) Connection timed out after 6001 milliseconds',
      { kind: 'connect-timeout', ms: 6002 },
    ],
    [
      '000 6.001604',
      28,
      'curl: (28) Operation timed out after 6001 milliseconds with 0 bytes received',
      { kind: 'answer-timeout', ms: 6002 },
    ],
    ['000 0.001', 56, 'curl: (56) Recv failure: Connection reset by peer', { kind: 'reset', ms: 1 }],
    ['000 0.001', 35, 'curl: (35) Recv failure: Connection reset by peer', { kind: 'reset', ms: 1 }],
    [
      '000 0.001',
      35,
      'curl: (35) OpenSSL: error:0A00010B:SSL routines::wrong version number',
      { kind: 'not-tls', ms: 1 },
    ],
    [
      '000 0.001',
      35,
      'curl: (35) OpenSSL/3.0.19: error:0A000458:SSL routines::tlsv1 unrecognized name',
      { kind: 'tls-error', ms: 1 },
    ],
    [
      '000 0.001',
      35,
      'curl: (35) gnutls_handshake() failed: An unexpected TLS packet was received.',
      { kind: 'not-tls', ms: 1 },
    ],
    ['000 0.001', 35, 'curl: (35) gnutls_handshake() failed: Handshake failed', { kind: 'tls-error', ms: 1 }],
    [
      '000 0.001',
      56,
      'curl: (56) OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0',
      { kind: 'tls-error', ms: 1 },
    ],
    [
      '000 0.001',
      35,
      'curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to 10.0.1.16:80 ',
      { kind: 'empty', ms: 1 },
    ],
    ['000 0.001', 60, 'curl: (60) SSL certificate problem: self-signed certificate', { kind: 'tls', ms: 1 }],
    ['000 0.001', 52, 'curl: (52) Empty reply from server', { kind: 'empty', ms: 1 }],
    ['000 0.001', 1, 'curl: (1) Received HTTP/0.9 when not allowed', { kind: 'not-http', ms: 1 }],
  ] as const)('curl: %s %d %s', (printed, exit, complaint, end) => {
    expect(curl(printed, exit, complaint)).toMatchObject({
      address: '10.0.1.16',
      port: 80,
      path: '/',
      method: 'GET',
      allowedMs: 6000,
      end,
    })
  })

  it('keeps the first answer of a wget that follows redirects', () => {
    const busybox = of(
      'timeout 6 busybox wget -S -O /dev/null http://10.0.1.16:80/x',
      '',
      1,
      'Connecting to 10.0.1.16:80 (10.0.1.16:80)\n  HTTP/1.1 302 Moved Temporarily\n  HTTP/1.1 200 OK\nwget: too many redirections',
    )
    expect(recorded({ 'busybox-wget': busybox }).requests[0]).toMatchObject({
      path: '/x',
      allowedMs: 6000,
      end: { kind: 'answer', status: 302 },
    })
  })

  it('does not take the crash of a tool for an answer', () => {
    const busybox = of(
      'busybox wget -S -T 5 -O /dev/null http://10.0.1.16:80/',
      '',
      139,
      'Segmentation fault',
    )
    expect(recorded({ 'busybox-wget': busybox }).requests[0]?.end.kind).toBe('failed')
  })

  it.each([
    [143, 'Terminated', 'open'],
    [1, 'nc: timed out', 'connect-timeout'],
    [1, "nc: can't connect to remote host (10.0.1.16): Connection refused", 'refused'],
    [0, '', 'open'],
  ] as const)('nc: exit %d %s', (exit, complaint, kind) => {
    const nc = of('busybox timeout 3 busybox nc -w 2 10.0.1.16 80 </dev/null', '', exit, complaint)
    expect(recorded({ 'busybox-nc': nc }).requests[0]).toMatchObject({
      scheme: 'tcp',
      port: 80,
      end: { kind },
    })
  })
})

describe('rule lists of recordings', () => {
  const nftSave = of(
    'iptables-save -c',
    '# Generated by iptables-save v1.8.9 (nf_tables) on Mon\n*filter\nCOMMIT\n',
  )

  it('keeps an empty list apart from one that was not read', () => {
    const files = {
      'iptables-save-c': of('iptables-save -c', ''),
      nft: of('nft list ruleset', '', 1, 'Operation not permitted'),
    }
    const { filters, notSeen } = recorded(files)
    expect(filters[0]?.texts).toMatchObject({ iptables: '', nft: null, iptablesLegacy: null })
    expect(notSeen).toContainEqual({ layer: 'nft', why: 'permission', what: 'nft list ruleset' })
  })

  it('reads that no legacy tables are loaded from the silence of iptables-nft', () => {
    expect(recorded({ 'iptables-save-c': nftSave }).filters[0]?.texts.iptablesLegacy).toBe('')
    const warned = nftSave.replace(
      '--exit',
      '--stderr--\n# Warning: iptables-legacy tables present, use iptables-legacy to see them\n--exit',
    )
    expect(recorded({ 'iptables-save-c': warned }).filters[0]?.texts.iptablesLegacy).toBeNull()
  })

  it('does not call raw and mangle clean if only -S was recorded', () => {
    const files = { 'iptables-S': of('iptables -S', '-P INPUT ACCEPT\n') }
    const tables = recorded(files)
      .notSeen.filter(({ layer }) => layer === 'iptables')
      .map(({ what }) => what)
    expect(tables).toEqual(['iptables -t nat -S', 'iptables -t raw -S', 'iptables -t mangle -S'])
  })

  it('does not use a list that was cut', () => {
    const cut = '$ iptables-save -c\n*filter\n:INPUT ACC'
    const { filters, isComplete, notSeen } = recorded({ 'iptables-save-c': cut })
    expect(filters).toEqual([])
    expect(isComplete).toBe(false)
    expect(notSeen).toContainEqual({ layer: 'iptables', why: 'cut', what: 'iptables-save -c' })
  })
})

describe('settings, counters and devices of recordings', () => {
  it('sums the drops of conntrack over the CPUs by the names of the columns', () => {
    const conntrack = of(
      'sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max; conntrack -C; cat /proc/net/stat/nf_conntrack',
      'net.netfilter.nf_conntrack_count = 8\nnet.netfilter.nf_conntrack_max = 8\n8\nentries insert_failed drop\n00000008 00000001 00000005\n00000008 00000000 0000000a\n',
    )
    expect(recorded({ conntrack }).conntrack).toEqual({ count: 8, max: 8, drops: 16 })
  })

  it('keeps the exact names of sysctl', () => {
    const sysctl = of('sysctl -a', 'net.ipv4.conf.all.bc_forwarding = 0\nnet.ipv4.conf.all.forwarding = 1\n')
    expect(recorded({ 'sysctl-forwarding': sysctl }).sysctls).toEqual({
      'net.ipv4.conf.all.bc_forwarding': '0',
      'net.ipv4.conf.all.forwarding': '1',
    })
  })

  it.each([
    ['ip -br addr', 'eth0@if2         UP             10.0.1.16/24 fd77::16/64 \n', { hasXdp: null }],
    [
      'ip addr',
      '2: eth0@if2: <BROADCAST,UP,LOWER_UP> mtu 1500 xdpgeneric qdisc noqueue state UP\n    link/ether 00:00:00:00:00:01 brd ff\n    prog/xdp id 12\n    inet 10.0.1.16/24 brd 10.0.1.255 scope global eth0\n    inet6 fd77::16/64 scope global\n',
      { hasXdp: true, hasCarrier: true },
    ],
  ] as const)('%s', (command, printed, flags) => {
    const tc = of('tc -s filter show dev eth0 ingress', 'filter protocol all pref 49152 bpf chain 0\n')
    expect(recorded({ 'ip-addr': of(command, printed), tc }).devices).toEqual([
      { name: 'eth0', addresses: ['10.0.1.16/24', 'fd77::16/64'], isUp: true, hasTc: true, ...flags },
    ])
  })
})
