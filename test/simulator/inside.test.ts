import { describe, expect, it } from 'vitest'
import { check, guest } from '../../src/simulator/base.ts'
import { inside } from '../../src/simulator/inside.ts'
import type { Guest, HealthCheck } from '../../src/simulator/world.ts'

// What a simulated machine answers to the probes of each kind of check.

const fateOf = (own: Partial<HealthCheck>, machine: Partial<Guest> = {}, domain: string | null = null) =>
  inside(
    guest(8080, machine),
    check(own),
    { source: '100.64.0.5', sourcePort: 40_000, target: '10.0.1.16', protocol: 'tcp', port: 8080 },
    domain,
  )

describe('a simulated machine', () => {
  it('never answers a check that accepts 1xx only', () => {
    for (const http of [200, 302, 404, 503]) expect(fateOf({ codes: 1 }, { http })).toBe('wrong-answer')
  })

  it.each([
    ['12', 12, 'answered'],
    ['0,12', 12, 'answered'],
    ['0-99', 5, 'answered'],
    ['20,25', 12, 'wrong-answer'],
  ])('answers a gRPC check for %s with %i: %s', (grpcCodes, grpc, fate) => {
    expect(fateOf({ type: 'GRPC', grpcCodes }, { grpc })).toBe(fate)
  })

  it.each([
    ['HEX', '0A1B', 'FF', 'answered'],
    ['HEX', '0A1', 'FF', 'wrong-answer'],
    ['HEX', 'FF', 'pong', 'wrong-answer'],
    ['TEXT', 'abc', 'd', 'answered'],
  ] as const)('answers a custom check in %s that sends %s and expects %s: %s', (type, send, recv, fate) => {
    expect(fateOf({ type: 'CUSTOM', custom: { type, send, recv } })).toBe(fate)
  })

  it('serves its own host name alone if it has one, and the domain of the rule is the default', () => {
    const shop = { servesHost: 'shop.example.com' }
    expect(fateOf({ codes: 2, host: 'shop.example.com' }, shop, '*.example.com')).toBe('answered')
    expect(fateOf({ codes: 2, host: null }, shop, 'shop.example.com')).toBe('answered')
    expect(fateOf({ codes: 2, host: null }, shop, '*.example.com')).toBe('wrong-answer')
  })
})
