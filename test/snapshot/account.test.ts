import { describe, expect, it } from 'vitest'
import { ok } from '../../src/model/fact.ts'
import { findScenario } from '../../src/simulator/index.ts'
import type { World } from '../../src/simulator/world.ts'
import { readAccountType } from '../../src/snapshot/account.ts'
import { sessionOf } from '../support/cloud.ts'
import { apiOf, snapshotBy } from './api.ts'

const WHERE = { region: 'ap-guangzhou', wave: 3 }
const ACTION = 'vpc:DescribeNetworkAccountType'

const typeIn = async (answer: object) =>
  (
    await readAccountType(
      sessionOf(() => answer),
      ['ap-guangzhou'],
      WHERE,
    )
  )['ap-guangzhou']

describe('the type of the account', () => {
  it('is one of two words, in either case', async () => {
    expect(await typeIn({ NetworkAccountType: 'STANDARD' })).toEqual(ok('STANDARD'))
    expect(await typeIn({ NetworkAccountType: 'legacy' })).toEqual(ok('LEGACY'))
  })

  it.each([[{}], [{ NetworkAccountType: null }], [{ NetworkAccountType: 'OTHER' }]])(
    'was not read if the answer is %j',
    async (answer) => {
      expect(await typeIn(answer)).toMatchObject({ state: 'failed', failure: { problem: 'malformed' } })
    },
  )
})

describe('the type of the account is read', () => {
  /** The shop, whose group denies the probes to two machines of a public CLB. */
  async function callsIn(
    change: (world: World, loadBalancerId: string) => void,
    denied: readonly string[] = [],
  ) {
    const scenario = findScenario('sg-blocks-vip')
    if (!scenario) throw new Error('no scenario')
    const world = scenario.build()
    change(world, scenario.loadBalancerId)
    const api = apiOf(world, { denied })
    const snapshot = await snapshotBy(api, scenario.loadBalancerId)
    return { snapshot, calls: api.asked.filter(({ action }) => action === ACTION).length }
  }
  const bandwidth = (value: number) => (world: World) => {
    for (const machine of world.machines) machine.publicBandwidth = value
  }
  const front = (world: World, id: string) => world.balancers.find((one) => one.id === id)

  it.each<readonly [string, (world: World, id: string) => void, readonly string[]]>([
    ['if a Dead machine has no public bandwidth', bandwidth(0), []],
    ['if the answer about a Dead machine does not say its bandwidth', () => {}, []],
    ['if the machines were not read', () => {}, ['cvm:DescribeInstances']],
  ])('%s, once', async (_, change, denied) => {
    const { snapshot, calls } = await callsIn(change, denied)
    expect(calls).toBe(1)
    expect(snapshot.accountType).toEqual(ok('STANDARD'))
  })

  it('as a fact that was denied', async () => {
    const { snapshot } = await callsIn(bandwidth(0), [ACTION])
    expect(snapshot.accountType).toMatchObject({ state: 'denied', failure: { action: ACTION } })
  })

  it.each<readonly [string, (world: World, id: string) => void]>([
    ['if the machines have public bandwidth', bandwidth(5)],
    [
      'for a private CLB',
      (world, id) => Object.assign(front(world, id) ?? {}, { type: 'INTERNAL', vip: '10.0.0.9' }),
    ],
    [
      'if no backend is Dead',
      (world) => {
        for (const group of world.groups)
          group.rules.unshift({ protocol: 'ALL', port: 'ALL', source: '0.0.0.0/0', action: 'ACCEPT' })
      },
    ],
  ])('only where it can decide: not %s', async (_, change) => {
    const { snapshot, calls } = await callsIn(change)
    expect([calls, Object.hasOwn(snapshot, 'accountType')]).toEqual([0, false])
  })
})
