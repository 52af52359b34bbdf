import { describe, expect, it } from 'vitest'
import { isLoopback, within } from '../../src/model/ip.ts'

describe('ranges', () => {
  const isIn = within(['10.0.0.0/8', '2001:db8::/32'])

  it.each(['10.1.2.3', '2001:db8::1'])('contain %s', (ip) => {
    expect(isIn(ip)).toBe(true)
  })

  it.each(['11.0.0.1', '2001:db9::1', '', 'example.com', '10.0.0.0/9'])('do not contain %j', (ip) => {
    expect(isIn(ip)).toBe(false)
  })

  it.each(['', '10.0.0.0', '10.0.0.0/', '10.0.0.0/x', '10.0.0.0/33', '::/129', '10.0.0/8'])(
    'contain nothing if the text is not a range: %j',
    (cidr) => {
      expect(within([cidr])('10.0.0.0')).toBe(false)
    },
  )
})

it.each(['localhost', '127.0.0.1', '127.8.8.8', '::1', '[::1]'])('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true)
})

it.each(['127.example.com', '10.0.0.1', 'localhost.example.com', '::2'])('%s is another machine', (host) => {
  expect(isLoopback(host)).toBe(false)
})
