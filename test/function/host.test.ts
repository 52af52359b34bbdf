import { expect, it } from 'vitest'
import { readPlatformEvent } from '../../src/function/platform-event.ts'

it.each<[unknown, string]>([
  ['fn.example.com', 'fn.example.com'],
  ['[::1]:9000', '[::1]:9000'],
  ['a b', 'localhost'],
  ['', 'localhost'],
  ['a:b:c', 'localhost'],
  ['http://x/', 'localhost'],
  [undefined, 'localhost'],
])('an event with the host %j reaches the application as %s', (host, expected) => {
  const headers = host === undefined ? {} : { host }
  const read = readPlatformEvent({
    httpMethod: 'POST',
    path: '/alarms',
    headers,
    queryString: {},
    body: '{}',
  })
  expect(read).toMatchObject({
    event: { headers: { host: expected }, requestContext: { domainName: expected } },
  })
  expect(URL.canParse(`http://${expected}/alarms`)).toBe(true)
})
