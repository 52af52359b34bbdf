import http from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import type { Action, RequestOf } from '../../src/cloud/actions.ts'
import { createCloud } from '../../src/cloud/session.ts'
import { createTransport } from '../../src/cloud/transport.ts'
import { systemClock } from '../../src/model/clock.ts'
import { silentLog } from '../../src/model/log.ts'
import { Secret } from '../../src/model/secret.ts'
import { shop } from '../../src/simulator/base.ts'
import { inCidr, inPorts } from '../../src/simulator/cidr.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'

let cloud: Simulator | null = null
afterEach(async () => {
  await cloud?.close()
  cloud = null
})

const started = async (options: Parameters<typeof startSimulator>[1] = {}) => {
  cloud = await startSimulator(shop().world, options)
  return cloud
}

/** One request through the real SDK, without retry; the error's code, or null. */
async function ask<A extends Action>(
  action: A,
  request: RequestOf<A>,
  change: { secretId?: string; secretKey?: string; region?: string } = {},
): Promise<string | null> {
  const own = cloud
  if (!own) throw new Error('not started')
  const transport = createTransport({
    credentials: {
      secretId: new Secret(change.secretId ?? own.credentials.secretId),
      secretKey: new Secret(change.secretKey ?? own.credentials.secretKey),
      token: null,
    },
    apiDomain: 'tencentcloudapi.com',
    apiOrigin: own.origin,
  })
  try {
    await transport.send(action, request, change.region ?? 'ap-guangzhou', AbortSignal.timeout(5_000))
    return null
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  } finally {
    transport.close()
  }
}

const LB = { LoadBalancerIds: ['lb-7dpmqwcu'] }

describe('the simulated cloud', () => {
  it('takes what the real SDK signs', async () => {
    await started()
    expect(await ask('clb:DescribeLoadBalancers', LB)).toBeNull()
  })

  it('refuses an unknown id, a wrong key and a clock that is off by more than five minutes', async () => {
    await started()
    expect(await ask('clb:DescribeLoadBalancers', LB, { secretId: 'AKIDnobody' })).toBe(
      'AuthFailure.SecretIdNotFound',
    )
    expect(await ask('clb:DescribeLoadBalancers', LB, { secretKey: 'wrong' })).toBe(
      'AuthFailure.SignatureFailure',
    )
    await cloud?.close()
    await started({ now: () => Date.now() + 301_000 })
    expect(await ask('clb:DescribeLoadBalancers', LB)).toBe('AuthFailure.SignatureExpire')
  })

  it('refuses a body that is not the one that was signed', async () => {
    const own = await started()
    // A proxy that changes the body between the SDK and the cloud.
    const proxy = http.createServer((req, res) => {
      const chunks: Buffer[] = []
      req.on('data', (chunk: Buffer) => chunks.push(chunk))
      req.on('end', () => {
        const body = Buffer.concat(chunks).toString().replace('lb-7dpmqwcu', 'lb-p2x4k8aa')
        const on = http.request(
          own.origin,
          { method: 'POST', headers: { ...req.headers, 'content-length': body.length } },
          (answer) => {
            res.writeHead(answer.statusCode ?? 500, answer.headers)
            answer.pipe(res)
          },
        )
        on.end(body)
      })
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as { port: number }
    const real = cloud
    cloud = { ...own, origin: `http://127.0.0.1:${port}` }
    expect(await ask('clb:DescribeLoadBalancers', LB)).toBe('AuthFailure.SignatureFailure')
    cloud = real
    proxy.closeAllConnections()
    proxy.close()
  })

  it('holds to the documented limits', async () => {
    await started()
    const many = (n: number) => Array.from({ length: n }, (_, i) => `lb-${i}`)
    expect(await ask('clb:DescribeLoadBalancers', { LoadBalancerIds: many(21) })).toBe('LimitExceeded')
    expect(await ask('clb:DescribeTargetHealth', { LoadBalancerIds: many(31) })).toBe('LimitExceeded')
    expect(await ask('clb:DescribeTargets', { LoadBalancerId: 'lb-7dpmqwcu', ListenerIds: many(21) })).toBe(
      'LimitExceeded',
    )
    expect(await ask('vpc:DescribeNetworkAcls', { Limit: 101 })).toBe('InvalidParameterValue.Range')
    expect(await ask('vpc:DescribeSubnets', { SubnetIds: [], Limit: 20 as unknown as string })).toBe(
      'InvalidParameter',
    )
    expect(await ask('cvm:DescribeInstances', { InstanceIds: ['ins-web00016', 'ins-nobody'] })).toBe(
      'InvalidInstanceId.NotFound',
    )
    expect(await ask('clb:DescribeListeners', { LoadBalancerId: 'lb-nobody' })).toBe(
      'InvalidParameter.LBIdNotFound',
    )
    expect(await ask('clb:DescribeLoadBalancers', LB, { region: 'mars-1' })).toBe('UnsupportedRegion')
  })

  it('throttles the 21st call of an action within a second, and no other action', async () => {
    const at = Date.now()
    await started({ now: () => at })
    for (let i = 0; i < 20; i++) expect(await ask('clb:DescribeLoadBalancers', LB)).toBeNull()
    expect(await ask('clb:DescribeLoadBalancers', LB)).toBe('RequestLimitExceeded')
    expect(await ask('clb:DescribeTargetHealth', LB)).toBeNull()
  })

  it('fails as it is told, as often as it is told, and counts', async () => {
    const own = await started()
    own.faults.set('clb:DescribeLoadBalancers', { kind: 'error', code: 'InternalError', times: 1 })
    expect(await ask('clb:DescribeLoadBalancers', LB)).toBe('InternalError')
    expect(await ask('clb:DescribeLoadBalancers', LB)).toBeNull()
    for (const kind of ['reset', 'garbage', 'truncated'] as const) {
      own.faults.set('clb:DescribeLoadBalancers', { kind })
      expect(await ask('clb:DescribeLoadBalancers', LB)).not.toBeNull()
    }
    own.faults.clear()
    expect([own.calls.count('clb:DescribeLoadBalancers'), own.calls.total()]).toEqual([5, 5])
  })

  it('counts waves: calls at once are one, calls after an answer the next', async () => {
    const own = await started({ latencyMs: 30 })
    const api = createCloud({
      credentials: {
        secretId: new Secret(own.credentials.secretId),
        secretKey: new Secret(own.credentials.secretKey),
        token: null,
      },
      apiDomain: 'tencentcloudapi.com',
      apiOrigin: own.origin,
      ratePerSecond: 15,
      clock: systemClock,
      random: () => 0,
      log: silentLog,
    })
    const session = api.session(AbortSignal.timeout(5_000))
    const where = { region: 'ap-guangzhou', wave: 1 }
    await Promise.all([
      session.call('clb:DescribeLoadBalancers', LB, where),
      session.call('clb:DescribeTargetHealth', LB, where),
      session.call('clb:DescribeTargets', { LoadBalancerId: 'lb-7dpmqwcu' }, where),
    ])
    await session.call('clb:DescribeListeners', { LoadBalancerId: 'lb-7dpmqwcu' }, { ...where, wave: 2 })
    api.close()
    expect([own.calls.total(), own.calls.waves(), session.cost.waves]).toEqual([4, 2, 2])
  })
})

describe('its own address arithmetic', () => {
  it.each([
    ['100.64.0.0', '100.64.0.0/10', true],
    ['100.127.255.255', '100.64.0.0/10', true],
    ['100.128.0.0', '100.64.0.0/10', false],
    ['10.0.0.5', '10.0.0.1-10.0.0.9', true],
    ['10.0.0.10', '10.0.0.1-10.0.0.9', false],
    ['2001:db8::1', '2001:db8::/32', true],
    ['10.0.0.1', '::/0', false],
  ])('%s in %s is %s', (address, cidr, inside) => {
    expect(inCidr(address, cidr)).toBe(inside)
  })

  it('reads ports as the console takes them', () => {
    expect(['ALL', '80', '22,80', '79-81', '81'].map((text) => inPorts(80, text))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ])
  })
})
