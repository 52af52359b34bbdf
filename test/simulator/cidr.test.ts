import { isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inCidr, sameAddress } from '../../src/simulator/cidr.ts'

const address = fc.ipV4()

describe('inCidr', () => {
  it('includes the first and the last address, and excludes both neighbours', () => {
    expect(['100.64.0.0', '100.127.255.255'].map((ip) => inCidr(ip, '100.64.0.0/10'))).toEqual([true, true])
    expect(['100.63.255.255', '100.128.0.0'].map((ip) => inCidr(ip, '100.64.0.0/10'))).toEqual([false, false])
  })

  it('ignores the host bits of the CIDR', () => {
    expect(inCidr('10.0.1.200', '10.0.1.16/24')).toBe(true)
  })

  it('reads a bare address as only that address, and includes both ends of a range', () => {
    expect(['10.0.0.1', '10.0.0.10'].map((ip) => inCidr(ip, '10.0.0.1'))).toEqual([true, false])
    expect(
      ['10.0.0.8', '10.0.0.9', '10.0.0.12', '10.0.0.13'].map((ip) => inCidr(ip, '10.0.0.9-10.0.0.12')),
    ).toEqual([false, true, true, false])
  })

  it('never matches an address with a range of the other family', () => {
    expect(inCidr('::ffff:10.0.0.1', '10.0.0.0/8')).toBe(false)
    expect(inCidr('10.0.0.1', '::/0')).toBe(false)
    expect(inCidr('10.0.0.1', '::-ffff::')).toBe(false)
  })

  it('agrees with arithmetic on any IPv4 address and mask', () => {
    const number = (ip: string): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 32 }), (ip, network, length) => {
        const size = 2 ** (32 - length)
        const same = Math.floor(number(ip) / size) === Math.floor(number(network) / size)
        expect(inCidr(ip, `${network}/${length}`)).toBe(same)
      }),
    )
  })

  it('matches any IPv6 address with itself, in its long and its short spelling', () => {
    fc.assert(
      fc.property(fc.ipV6().filter(isIPv6), (ip) => {
        const short = new URL(`http://[${ip}]/`).hostname.slice(1, -1)
        expect([inCidr(ip, short), inCidr(short, `${ip}/128`), inCidr(ip, '::/0')]).toEqual([
          true,
          true,
          true,
        ])
      }),
    )
  })
})

describe('sameAddress', () => {
  it('compares addresses, not their spelling', () => {
    expect(sameAddress('2001:db8::1', '2001:0DB8:0:0:0:0:0:1')).toBe(true)
    expect(sameAddress('2001:db8::1', '2001:db8::2')).toBe(false)
    expect(sameAddress('10.0.0.1', '10.0.0.1')).toBe(true)
    expect(sameAddress('not an address', 'not an address')).toBe(false)
  })
})
