import { describe, expect, it } from 'vitest'
import { fates, partsOf, table } from './support.ts'

const verdict = (ipset: string | null, match: string, source = '100.64.0.5', probe = {}): string =>
  partsOf(
    {
      iptables: table('filter', [`INPUT -m set ${match} -j DROP`]),
      ip6tables: table('filter', [`INPUT -m set ${match} -j DROP`]),
      ipset,
    },
    source,
    probe,
  )
    .map((part) => part.verdict)
    .join()

const SAVED = `$ ipset save
create ips hash:ip family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x6b5c9bd8
add ips 100.64.0.5
add ips 100.64.0.9 timeout 120 comment "bad one"
create nets hash:net family inet hashsize 1024 maxelem 65536
add nets 100.64.0.0/16
add nets 100.64.1.0/24 nomatch
add nets 100.64.1.128/25
create netport hash:net,port family inet hashsize 1024 maxelem 65536
add netport 100.64.0.0/16,tcp:80
add netport 100.65.0.0/16,udp:80
add netport 100.66.0.0/16,tcp:8000-8100
add netport 100.67.0.0/16,icmp:8/0
create excepted hash:net,port family inet
add excepted 100.64.0.0/16,tcp:80
add excepted 100.64.1.0/24,tcp:80 nomatch
add excepted 100.64.2.0/24,tcp:81 nomatch
create ipport hash:ip,port family inet
add ipport 10.0.1.16,tcp:80
create pair hash:ip,port,ip family inet
add pair 100.64.0.5,tcp:80,10.0.1.16
create range bitmap:ip range 100.64.0.0-100.64.0.255
add range 100.64.0.1-100.64.0.7
create masked hash:ip family inet netmask 24
add masked 100.64.0.0
create ports bitmap:port range 1-1024
add ports 80
create iface hash:net,iface family inet
add iface 100.64.0.0/10,eth0
add iface 10.0.0.0/8,physdev:eth1
create mac hash:mac
add mac 01:02:03:04:05:06
create six hash:net family inet6
add six 2001:db8::/32
create all list:set size 8
add all ips
add all nets
create odd list:set size 8
add odd all
add odd gone
create broken hash:ip family inet
add broken nonsense
create empty hash:ip family inet
--exit 0--
`

const LISTED = `$ ipset list
Name: ips
Type: hash:ip
Revision: 5
Header: family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x6b5c9bd8
Size in memory: 296
References: 1
Number of entries: 2
Members:
100.64.0.5
100.64.0.9 timeout 100

Name: six
Type: hash:net
Revision: 7
Header: family inet6 hashsize 1024 maxelem 65536
Size in memory: 1240
References: 0
Number of entries: 2
Members:
2001:db8::/32
fd00::/8 nomatch
--exit 0--
`

describe('a rule with a set', () => {
  it.each([
    ['--match-set ips src', 'drop'],
    ['! --match-set ips src', 'pass'],
    ['--match-set ips dst', 'pass'],
    ['--match-set empty src', 'pass'],
    ['! --match-set empty src', 'drop'],
    ['--match-set nets src', 'drop'],
    ['--match-set netport src,dst', 'drop'],
    ['--match-set netport src,src', 'pass'],
    ['--match-set ipport dst,dst', 'drop'],
    ['--match-set ipport src,dst', 'pass'],
    ['--match-set pair src,dst,dst', 'drop'],
    ['--match-set range src', 'drop'],
    ['--match-set masked src', 'drop'],
    ['--match-set ports dst', 'drop'],
    ['--match-set ports src', 'pass'],
    ['--match-set iface src,src', 'drop'],
    ['--match-set iface src,dst', 'pass'],
    ['--match-set all src', 'drop'],
    ['--match-set six src', 'pass'],
    ['--match-set mac src', 'unknown'],
    ['--match-set odd src', 'unknown'],
    ['--match-set broken src', 'unknown'],
    ['--match-set gone src', 'unknown'],
    ['--match-set netport src', 'unknown'],
    ['--match-set ips src --return-nomatch', 'unknown'],
  ])('%s', (match, expected) => {
    expect(verdict(SAVED, match)).toBe(expected)
  })

  it('matches exactly the sources that the set has', () => {
    const texts = { iptables: table('filter', ['INPUT -m set --match-set nets src -j DROP']), ipset: SAVED }
    expect(fates(partsOf(texts, '100.64.0.0/15'))).toEqual([
      '100.64.0.0/24,100.64.1.128/25,100.64.2.0/23,100.64.4.0/22,100.64.8.0/21,100.64.16.0/20,100.64.32.0/19,100.64.64.0/18,100.64.128.0/17 drop at the request: INPUT 1',
      '100.64.1.0/25,100.65.0.0/16 pass',
    ])
  })

  it('with exceptions: the longest prefix with the port decides', () => {
    const texts = {
      iptables: table('filter', ['INPUT -m set --match-set excepted src,dst -j DROP']),
      ipset: SAVED,
    }
    expect(fates(partsOf(texts, '100.64.0.1,100.64.1.1,100.64.2.1'))).toEqual([
      '100.64.0.1/32,100.64.2.1/32 drop at the request: INPUT 1',
      '100.64.1.1/32 pass',
    ])
  })

  it('asks for the protocol of a port', () => {
    expect(verdict(SAVED, '--match-set netport src,dst', '100.65.0.1')).toBe('pass')
    expect(verdict(SAVED, '--match-set netport src,dst', '100.65.0.1', { protocol: 'udp' })).toBe('drop')
    expect(verdict(SAVED, '--match-set netport src,dst', '100.66.0.1', { port: 8080 })).toBe('drop')
    const ping = { protocol: 'icmp', port: null } as const
    expect(verdict(SAVED, '--match-set netport src,dst', '100.67.0.1', ping)).toBe('unknown')
    expect(verdict(SAVED, '--match-set netport src,dst', '100.67.0.1')).toBe('pass')
  })

  it('reads `ipset list` as well', () => {
    expect(verdict(LISTED, '--match-set ips src')).toBe('drop')
    expect(verdict(LISTED, '--match-set ips src', '100.64.0.6')).toBe('pass')
    expect(verdict(LISTED, '--match-set six src', '2001:db8::5')).toBe('drop')
    expect(verdict(LISTED, '--match-set six src', 'fd00::5')).toBe('pass')
    expect(verdict(LISTED, '--match-set ips src', '2001:db8::5')).toBe('pass')
  })

  it('may match if the members were not read, or change with the packets', () => {
    expect(verdict(null, '--match-set ips src')).toBe('unknown')
    const rules = ['INPUT -p udp -j SET --add-set ips src', 'INPUT -m set --match-set ips src -j DROP']
    expect(fates(partsOf({ iptables: table('filter', rules), ipset: SAVED }, '10.0.0.10'))).toEqual([
      '10.0.0.10/32 unknown: INPUT 2',
    ])
  })
})
