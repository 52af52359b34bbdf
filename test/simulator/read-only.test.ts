import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import policy from '../../docs/cam-policy.json'
import { ACTIONS } from '../../src/model/actions/index.ts'
import { shop } from '../../src/simulator/base.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { ask, codeOf } from './support.ts'

// The role that the README has people attach can do what docs/cam-policy.json allows. So can callers here, and no more.

let simulator: Simulator
const world = shop().world
beforeAll(async () => {
  simulator = await startSimulator(world)
})
beforeEach(() => simulator.calls.reset())
afterAll(() => simulator.close())

const WRITES: readonly (readonly [string, object])[] = [
  [
    'vpc:ModifySecurityGroupPolicies',
    { SecurityGroupId: 'sg-shopweb1', SecurityGroupPolicySet: { Ingress: [] } },
  ],
  ['clb:DeleteLoadBalancer', { LoadBalancerIds: ['lb-7dpmqwcu'] }],
  ['clb:ModifyTargetWeight', { LoadBalancerId: 'lb-7dpmqwcu', ListenerId: 'lbl-shop0443', Weight: 0 }],
  ['cvm:RebootInstances', { InstanceIds: ['ins-web00016'] }],
]

describe('an action outside the CAM policy', () => {
  it.each(WRITES)(
    '%s, correctly signed, is refused and counted, and changes nothing',
    async (action, request) => {
      const before = JSON.stringify(world)
      expect(await codeOf(ask(simulator, action, request))).toBe('UnauthorizedOperation.CamNoAuth')
      expect([simulator.calls.refused(), simulator.calls.count(action)]).toEqual([1, 1])
      expect(JSON.stringify(world)).toBe(before)
    },
  )

  it('is refused if it only reads, too, and counted with a bad signature', async () => {
    const secrets = ask(simulator, 'cvm:DescribeKeyPairs')
    const forged = ask(simulator, 'vpc:DeleteSubnet', {}, { secretKey: 'not-the-key' })
    expect([await codeOf(secrets), await codeOf(forged)]).toEqual([
      'UnauthorizedOperation.CamNoAuth',
      'AuthFailure.SignatureFailure',
    ])
    expect(simulator.calls.refused()).toBe(2)
  })
})

describe('an action of the CAM policy', () => {
  it('holds no action that the client cannot ask for, and refuses none that it can', async () => {
    const allowed = policy.statement.flatMap(({ action }) => action)
    expect([...allowed].sort()).toEqual([...ACTIONS].sort())
    const codes = await Promise.all(
      allowed.map((action) =>
        ask(simulator, action).then(
          () => null,
          ({ code }: { code?: string }) => code,
        ),
      ),
    )
    expect(codes.filter((code) => code?.startsWith('UnauthorizedOperation'))).toEqual([])
    expect(simulator.calls.refused()).toBe(0)
  })
})
