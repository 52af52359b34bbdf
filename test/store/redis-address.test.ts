import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { parseRedisAddress } from '../../src/store/index.ts'

const shown = (text: string) => {
  const address = parseRedisAddress(text)
  return address && { ...address, password: address.password?.reveal() ?? null }
}
const bare = { host: 'redis.example.com', port: 6379, tls: false, user: null, password: null, db: 0 }

it.each([
  ['redis://redis.example.com', bare],
  ['redis://redis.example.com/', bare],
  ['REDIS://redis.example.com:6380/7', { ...bare, port: 6380, db: 7 }],
  ['rediss://redis.example.com', { ...bare, tls: true }],
  ['redis://:p%40ss%2Fword@redis.example.com', { ...bare, password: 'p@ss/word' }],
  ['redis://doctor:word@redis.example.com/15', { ...bare, user: 'doctor', password: 'word', db: 15 }],
  ['redis://[::1]:6379', { ...bare, host: '::1' }],
  ['redis://10.0.0.5', { ...bare, host: '10.0.0.5' }],
])('the address %s is read', (text, expected) => {
  expect(shown(text)).toEqual(expected)
})

it.each([
  '',
  'redis.example.com:6379',
  'http://redis.example.com',
  'redis://',
  'redis:redis.example.com',
  'redis://redis.example.com/name',
  'redis://redis.example.com/0/1',
  'redis://redis.example.com/-1',
  'redis://redis.example.com?db=1',
  'redis://redis.example.com#1',
  'redis://redis.example.com:99999',
  'redis://:%E0%A4@redis.example.com',
])('%j is no address', (text) => {
  expect(parseRedisAddress(text)).toBeNull()
})

it('an address that is printed shows no password', () => {
  const address = parseRedisAddress('redis://doctor:s3cretword@redis.example.com')
  expect(`${inspect(address)}${JSON.stringify(address)}`).not.toContain('s3cretword')
})
