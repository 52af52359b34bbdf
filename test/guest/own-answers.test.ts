import { describe, expect, it } from 'vitest'
import type { GuestCheck } from '../../src/guest/index.ts'
import { check, evaluatedProbe } from './recordings.ts'

// What an answer to the machine itself tells of the answers to the probes, which have the CLB's address.

const SOCKET = 'tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=7,fd=5))'

/** Lines of the probe behind `request=`. */
function reasonsFor(requests: readonly string[], changed: Partial<GuestCheck> = {}, state = 'S') {
  const text = [
    'clb-doctor-probe 1',
    'target=10.0.1.16',
    'port=80',
    'protocol=tcp',
    'listen-list=ss',
    `listen.ss=${SOCKET}`,
    `process.7=${state}`,
    ...requests.map((line) => `request=${line}`),
    'clb-doctor-probe end',
    '',
  ].join('\n')
  const own = { httpCodes: 2, timeoutSeconds: 2, ...changed }
  return evaluatedProbe(text, check(80, own), '100.64.0.5').reasons
}

const told = (requests: readonly string[], changed: Partial<GuestCheck> = {}, state = 'S') =>
  reasonsFor(requests, changed, state).map(({ code, certainty, doubts = [] }) =>
    [code, certainty, ...doubts].join(' '),
  )

const curl = (status: number): string =>
  `curl http GET 10.0.1.16 80 own 2000 0 20  code=${status} connect=0.0006 total=0.0008`
const PLAIN =
  'curl https GET 10.0.1.16 80 near 3000 35 20 curl: (35) OpenSSL: error:0A00010B:SSL routines::wrong version number  code=000 connect=0.0 total=0.001'

describe('an answer that servers give by the address of the peer', () => {
  it.each([401, 403, 404, 407, 429, 444, 451, 502, 503, 504])('%d is likely', (status) => {
    expect(told([curl(status), PLAIN])).toEqual(['guest-http/status-mismatch likely peer'])
  })

  it.each([
    ['reset', '56 10 curl: (56) Recv failure: Connection reset by peer  code=000 connect=0.0001 total=0.002'],
    ['closed', '52 10 curl: (52) Empty reply from server  code=000 connect=0.0001 total=0.002'],
  ])('%s is likely', (_, end) => {
    const line = `curl http GET 10.0.1.16 80 own 2000 ${end}`
    expect(told([line, PLAIN])).toEqual(['guest-http/refused likely peer'])
  })

  it('is likely from BusyBox, too', () => {
    const line = 'nc http GET 10.0.1.16 80 own 2000 0 2000 HTTP/1.1 403 Forbidden'
    expect(told([line])).toEqual(['guest-http/status-mismatch likely peer'])
  })
})

it.each([302, 400, 405, 500, 501])('%d does not depend on the peer, and is certain', (status) => {
  expect(told([curl(status), PLAIN])).toEqual(['guest-http/status-mismatch certain'])
})

describe('a slow answer', () => {
  const SLOW =
    'curl http GET 10.0.1.16 80 own 2000 28 2010 curl: (28) Operation timed out after 2001 milliseconds with 0 bytes received  code=000 connect=0.0004 total=2.0'

  it('of one request is likely', () => {
    expect(told([SLOW])).toEqual(['guest-http/too-slow likely once'])
  })

  it('of a process that is stopped is certain', () => {
    expect(told([SLOW], {}, 'T')).toEqual(['guest-http/too-slow certain'])
  })

  it('of two requests is certain, of a slow and a fast one likely', () => {
    const head = SLOW.replace('GET', 'HEAD')
    expect(told([head, SLOW.replace('own', 'near')], { method: 'HEAD' })).toEqual([
      'guest-http/too-slow certain',
    ])
    expect(told([head, curl(200).replace('own', 'near')], { method: 'HEAD' })).toEqual([
      'guest-http/too-slow likely once',
    ])
  })
})

describe('an HTTPS check whose handshake fails', () => {
  const https = { kind: 'https' } as const
  const failed = (words: string): string =>
    `curl https GET 10.0.1.16 80 own 2000 35 10 curl: (35) OpenSSL/3.0.19: error:0A000458:SSL routines::${words}  code=000 connect=0.0 total=0.001`
  const near = (status: number): string =>
    `curl http GET 10.0.1.16 80 near 3000 0 20  code=${status} connect=0.0001 total=0.003`

  it.each(['tlsv1 unrecognized name', 'tlsv1 alert internal error', 'unsupported protocol'])(
    'for a reason of TLS (%s) is no plain port, and likely',
    (words) => {
      expect(told([failed(words), near(400)], https)).toEqual(['guest-http/refused likely handshake'])
      expect(told([failed(words), near(400)], { ...https, method: 'HEAD' })).toEqual([
        'guest-http/refused likely handshake',
      ])
    },
  )

  it('at a port that speaks plain HTTP names it', () => {
    const expected = ['guest-http/tls-mismatch certain']
    expect(told([failed('wrong version number'), near(400)], https)).toEqual(expected)
    expect(told([failed('packet length too long')], https)).toEqual(expected)
    expect(told([failed('tlsv1 alert internal error'), near(200)], https)).toEqual(expected)
  })
})

it('a port that breaks off TLS handshakes speaks TLS, and a plain check is wrong there', () => {
  const alert = PLAIN.replace('wrong version number', 'tlsv1 unrecognized name')
  expect(told([curl(400), alert])).toEqual(['guest-http/tls-mismatch certain'])
})
