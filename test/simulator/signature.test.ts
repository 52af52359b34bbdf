import { createHash, createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shop } from '../../src/simulator/base.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { ask, codeOf, type RawRequest, rawCode, sendRaw, signed } from './support.ts'

const NOW = Date.parse('2026-11-20T07:00:00Z')

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator(shop().world, { now: () => NOW, requestsPerSecond: 1000 })
})
afterAll(() => simulator.close())

const spoiled = async (change: (request: RawRequest) => RawRequest): Promise<string | null> =>
  rawCode(await sendRaw(simulator, change(signed(simulator, NOW))))

const withHeaders = (headers: Record<string, string>) => (request: RawRequest) => ({
  ...request,
  headers: { ...request.headers, ...headers },
})

describe('a signed request', () => {
  it('is answered with HTTP 200 and a new RequestId', async () => {
    const first = await sendRaw(simulator, signed(simulator, NOW))
    const second = await sendRaw(simulator, signed(simulator, NOW))
    const [one, two] = [first, second].map(({ text }) => JSON.parse(text).Response)
    expect([first.status, one.TotalCount]).toEqual([200, 1])
    expect(one.RequestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(two.RequestId).not.toBe(one.RequestId)
  })

  it('is accepted if its Host header also names the port', async () => {
    expect(await spoiled(withHeaders({ host: 'clb.tencentcloudapi.com:80' }))).toBeNull()
  })

  it('is accepted for a regional or internal host of the service', async () => {
    for (const host of ['clb.internal.tencentcloudapi.com', 'clb.ap-guangzhou.tencentcloudapi.com'])
      expect(rawCode(await sendRaw(simulator, signed(simulator, NOW, { host })))).toBeNull()
  })

  it.each([
    ['another body', (request: RawRequest) => ({ ...request, body: '{"LoadBalancerIds":[]}' })],
    ['another content type', withHeaders({ 'content-type': 'text/plain' })],
    ['another host', withHeaders({ host: 'clb.evil.example' })],
    ['another timestamp', withHeaders({ 'x-tc-timestamp': String(NOW / 1000 - 1) })],
    ['no signature', withHeaders({ authorization: '' })],
    ['a signature of another kind', withHeaders({ authorization: 'Bearer abc' })],
  ])('with %s is refused: SignatureFailure', async (_, change) => {
    expect(await spoiled(change)).toBe('AuthFailure.SignatureFailure')
  })

  it('with another key is refused: SignatureFailure', async () => {
    const request = signed(simulator, NOW, { secretKey: 'not the key' })
    expect(rawCode(await sendRaw(simulator, request))).toBe('AuthFailure.SignatureFailure')
  })

  it('for another service than that of its host is refused: SignatureFailure', async () => {
    const request = signed(simulator, NOW, { service: 'cvm' })
    expect(rawCode(await sendRaw(simulator, request))).toBe('AuthFailure.SignatureFailure')
  })

  it('with a correct signature for another date than its timestamp is refused: SignatureFailure', async () => {
    const { secretId, secretKey } = simulator.credentials
    const { body } = signed(simulator, NOW)
    const sha = (text: string) => createHash('sha256').update(text).digest('hex')
    const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
    const authorize = (date: string): string => {
      const headers = 'content-type:application/json\nhost:clb.tencentcloudapi.com\n'
      const canonical = ['POST', '/', '', headers, 'content-type;host', sha(body)].join('\n')
      const scope = `${date}/clb/tc3_request`
      const toSign = ['TC3-HMAC-SHA256', NOW / 1000, scope, sha(canonical)].join('\n')
      const key = hmac(hmac(hmac(`TC3${secretKey}`, date), 'clb'), 'tc3_request')
      const signature = hmac(key, toSign).toString('hex')
      return `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`
    }
    expect(await spoiled(withHeaders({ authorization: authorize('2026-11-20') }))).toBeNull()
    expect(await spoiled(withHeaders({ authorization: authorize('2026-11-19') }))).toBe(
      'AuthFailure.SignatureFailure',
    )
  })

  it('with an unknown SecretId is refused: SecretIdNotFound', async () => {
    const { secretId } = simulator.credentials
    const known = signed(simulator, NOW)
    const authorization = (known.headers.authorization ?? '').replace(secretId, 'AKIDnobody')
    expect(await spoiled(withHeaders({ authorization }))).toBe('AuthFailure.SecretIdNotFound')
  })

  it.each([
    [-301, 'AuthFailure.SignatureExpire'],
    [-300, null],
    [300, null],
    [301, 'AuthFailure.SignatureExpire'],
  ])('with a clock that differs by %i seconds gives %s; the limit is five minutes', async (seconds, code) => {
    expect(rawCode(await sendRaw(simulator, signed(simulator, NOW + seconds * 1000)))).toBe(code)
  })

  it('from just before midnight is accepted just after midnight', async () => {
    const midnight = Date.parse('2026-11-20T00:00:30Z')
    const late = await startSimulator(shop().world, { now: () => midnight })
    expect(rawCode(await sendRaw(late, signed(late, midnight - 60_000)))).toBeNull()
    await late.close()
  })
})

describe('a request', () => {
  it.each([
    ['a write', 'UnauthorizedOperation.CamNoAuth', { 'x-tc-action': 'DeleteLoadBalancer' }],
    ['another version', 'NoSuchVersion', { 'x-tc-version': '2017-03-12' }],
    ['an unknown region', 'UnsupportedRegion', { 'x-tc-region': 'ap-atlantis' }],
  ])('with %s is refused: %s', async (_, code, headers) => {
    expect(await spoiled(withHeaders(headers))).toBe(code)
  })

  it('without a region is refused: MissingParameter', async () => {
    expect(
      await spoiled(({ headers, ...rest }) => {
        const { 'x-tc-region': _, ...others } = headers
        return { ...rest, headers: others }
      }),
    ).toBe('MissingParameter')
  })

  it.each([
    ['PUT', '/'],
    ['POST', '/v2'],
  ])('by %s to %s is refused', async (method, path) => {
    expect(await spoiled((request) => ({ ...request, method, path }))).toBe('UnsupportedProtocol')
  })

  it('goes to the service of its host: an action name of another service is refused', async () => {
    // The shared simulator has a fixed clock. The SDK signs with the real time.
    const real = await startSimulator(shop().world)
    expect(await codeOf(ask(real, 'vpc:DescribeInstances'))).toBe('UnauthorizedOperation.CamNoAuth')
    expect((await ask(real, 'cvm:DescribeInstances')).TotalCount).toBe(9)
    await real.close()
  })
})
