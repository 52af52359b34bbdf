import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type CloudError, readFailure } from '../../src/cloud/errors.ts'
import { createCleaner } from '../../src/cloud/secrets.ts'
import type { Log } from '../../src/model/log.ts'
import {
  cloudAt,
  failureOf,
  GUANGZHOU,
  inTurn,
  json,
  never,
  PLANTED,
  type Reply,
  raw,
  type Seen,
  startApi,
} from './api.ts'
import { steppingClock } from './clocks.ts'

/** The secrets of a request, which no output may show. */
const echo = ({ headers }: Seen): string =>
  `${headers.authorization} ${headers['x-tc-token']} ${PLANTED.secretKey} ${encodeURIComponent(PLANTED.token)}`

const errorWith =
  (Code: (seen: Seen) => string): Reply =>
  (seen, response) =>
    json(response, { Response: { Error: { Code: Code(seen), Message: echo(seen) }, RequestId: echo(seen) } })

const body = (text: string): Reply =>
  raw(`HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${text.length}\r\n\r\n${text}`)

it.each<[string, Reply]>([
  ['a denial', errorWith(() => 'UnauthorizedOperation')],
  ['rejected credentials', errorWith(() => 'AuthFailure.SignatureFailure')],
  ['a throttle', errorWith(() => 'RequestLimitExceeded')],
  ['a code that is the id', errorWith(() => PLANTED.secretId)],
  ['a code that is a text', errorWith(echo)],
  [
    'a status line',
    (seen, _, socket) => void socket.end(`HTTP/1.1 502 ${echo(seen)}\r\nConnection: close\r\n\r\n`),
  ],
  ['a body that is the id', body(PLANTED.secretId)],
  ['a body that is the key', body(PLANTED.secretKey)],
  ['a body that is the token', body(PLANTED.token)],
  ['a body that is not JSON', (seen, response, socket) => body(echo(seen))(seen, response, socket)],
  [
    'a redirect',
    (seen, response) => {
      response
        .writeHead(302, { Location: `http://${PLANTED.secretId}/${encodeURIComponent(echo(seen))}` })
        .end()
    },
  ],
  [
    'a trace id',
    (seen, response) => {
      response.setHeader('X-TC-TraceId', echo(seen))
      json(response, { Response: { Error: { Code: 'InternalError', Message: 'no' } } })
    },
  ],
])('no output shows a secret if the API answers with secrets in %s', async (_, reply) => {
  const lines: unknown[] = []
  const write = (...line: unknown[]) => void lines.push(line)
  await using api = await startApi(inTurn(reply))
  using cloud = cloudAt(api.origin, {
    clock: steppingClock(),
    log: { info: write, warn: write, error: write } satisfies Log,
  })
  const error = (await failureOf(
    cloud.session(never()).call('clb:DescribeListeners', { LoadBalancerId: 'lb-1' }, GUANGZHOU),
  )) as CloudError
  const printed = [
    inspect(error, { depth: 10, showHidden: true }),
    String(error.stack),
    JSON.stringify([error, error.cause, readFailure(error), lines]),
    inspect(cloud, { depth: 10, showHidden: true }),
  ].join('\n')
  expect(api.seen[0]?.signatureFault).toBeNull()
  for (const secret of [...Object.values(PLANTED), encodeURIComponent(PLANTED.token)])
    for (const part of [secret, secret.slice(0, 10)]) expect(printed).not.toContain(part)
  expect(printed).not.toMatch(/Signature=\w|[0-9a-f]{64}/)
})

describe('a text from the API', () => {
  const clean = createCleaner(['plantedKEYplantedKEY', 'a/b+c/d+e==', 'id'])

  it.each([
    'no plantedKEYplantedKEY here',
    'a/b+c/d+e== encoded is a%2Fb%2Bc%2Fd%2Be%3D%3D',
    'of AKIDsomebodyElse0123',
    `signed ${'0123456789abcdef'.repeat(4)}`,
    'as TC3-HMAC-SHA256 Credential=who/2026-01-01/clb/tc3_request, SignedHeaders=host, Signature=abc',
  ])('is cleaned of credentials and signatures: %s', (text) => {
    expect(clean(text)).not.toMatch(/planted|a\/b|a%2F|AKID|[0-9a-f]{64}|Signature/)
  })

  it('is not cleaned of a value that is too short to be a secret', () => {
    expect(clean('InvalidInstanceId: the id is invalid')).toBe('InvalidInstanceId: the id is invalid')
  })
})
