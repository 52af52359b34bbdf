import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import policy from '../../docs/cam-policy.json'
import { READS } from '../../src/model/actions/index.ts'
import { shop } from '../../src/simulator/base.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { ask, codeOf } from './support.ts'

// A user gives the product a role with docs/cam-policy.json. Callers of the simulator have exactly these permissions.

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
    '%s is refused and counted even if it is correctly signed, and changes nothing',
    async (action, request) => {
      const before = JSON.stringify(world)
      expect(await codeOf(ask(simulator, action, request))).toBe('UnauthorizedOperation.CamNoAuth')
      expect([simulator.calls.refused(), simulator.calls.count(action)]).toEqual([1, 1])
      expect(JSON.stringify(world)).toBe(before)
    },
  )

  it('is also refused if it only reads, and also counted if its signature is wrong', async () => {
    const secrets = ask(simulator, 'cvm:DescribeKeyPairs')
    const forged = ask(simulator, 'vpc:DeleteSubnet', {}, { secretKey: 'not-the-key' })
    expect([await codeOf(secrets), await codeOf(forged)]).toEqual([
      'UnauthorizedOperation.CamNoAuth',
      'AuthFailure.SignatureFailure',
    ])
    expect(simulator.calls.refused()).toBe(2)
  })
})

describe('the CAM policy', () => {
  it('allows exactly the actions that the client can call, and the simulator does not refuse them', async () => {
    const allowed = policy.statement.flatMap(({ action }) => action)
    expect([...allowed].sort()).toEqual([...READS].sort())
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
