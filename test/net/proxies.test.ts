import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { proxyFor } from '../../src/net/proxies.ts'

const proxyOf = (url: string, exempt = ''): string | null =>
  proxyFor(new URL(url), {
    https: new Secret('http://secure.example:3128'),
    http: new Secret('http://plain.example:3128'),
    exempt,
  })?.host ?? null

describe('the proxy of a URL', () => {
  it.each([
    ['https://clb.tencentcloudapi.com', 'secure.example:3128'],
    ['https://127.0.0.1:9443', 'secure.example:3128'],
    ['http://10.0.0.9:9100', 'plain.example:3128'],
    ['http://localhost:9100', null],
    ['http://127.8.0.1:9100', null],
    ['http://[::1]:9100', null],
  ])('%s is %s', (url, proxy) => {
    expect(proxyOf(url)).toBe(proxy)
  })

  it('is not used if no variable is set for its scheme', () => {
    const https = new Secret('http://secure.example:3128')
    expect(proxyFor(new URL('http://10.0.0.9'), { https, http: null, exempt: '' })).toBeNull()
    expect(proxyFor(new URL('https://10.0.0.9'), { https: null, http: https, exempt: '' })).toBeNull()
  })
})

describe('NO_PROXY', () => {
  it.each([
    ['*', 'https://anything.example'],
    ['hooks.example.com', 'https://hooks.example.com'],
    ['HOOKS.Example.com', 'https://hooks.example.com'],
    ['example.com', 'https://hooks.example.com'],
    ['.example.com', 'https://hooks.example.com'],
    ['*.example.com', 'https://a.b.example.com'],
    ['other.example, example.com', 'https://example.com'],
    ['other.example  example.com', 'https://example.com'],
    ['hooks.example.com:443', 'https://hooks.example.com'],
    ['hooks.example.com:8443', 'https://hooks.example.com:8443'],
    ['10.0.0.9', 'https://10.0.0.9'],
    ['10.0.0.9:8443', 'https://10.0.0.9:8443'],
    ['10.0.0.0/8', 'https://10.200.0.9'],
    ['10.0.0.0/8', 'http://10.200.0.9'],
    ['fd00::1', 'https://[fd00::1]'],
    ['[fd00::1]:8443', 'https://[fd00::1]:8443'],
    ['fd00::/8', 'https://[fd12::1]'],
  ])('%s exempts %s', (exempt, url) => {
    expect(proxyOf(url, exempt)).toBeNull()
  })

  it.each([
    ['', 'https://hooks.example.com'],
    [' , ', 'https://hooks.example.com'],
    ['example.com', 'https://notexample.com'],
    ['hooks.example.com', 'https://example.com'],
    ['hooks.example.com:8443', 'https://hooks.example.com'],
    ['10.0.0.0/8', 'https://11.0.0.9'],
    ['10.0.0.0/33', 'https://10.0.0.9'],
    ['10.0.0.0/x', 'https://10.0.0.9'],
    ['10.0.0.0/8', 'https://[fd00::1]'],
    ['0.0.9', 'https://10.0.0.9'],
    ['fd00::/8', 'https://[fc00::1]'],
  ])('%s does not exempt %s', (exempt, url) => {
    expect(proxyOf(url, exempt)).toBe('secure.example:3128')
  })
})
