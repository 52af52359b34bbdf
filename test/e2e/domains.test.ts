import { describe, expect, it } from 'vitest'
import { referenceFrom } from '../../src/app/reference.ts'
import { shop } from '../../src/simulator/base.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import type { World } from '../../src/simulator/world.ts'
import { openCloud } from '../support/simulated.ts'
import { postToServe, setStage } from './support.ts'

// A CLB that the API names by a domain: it has no VIP.

const DOMAIN = 'lb-x.clb.gz-tencentclb.com'

/** The shop's CLB has the domain. Another CLB has a longer one, which the filter of the API finds, too. */
function named(): World {
  const { world, front } = shop()
  front.domain = DOMAIN
  world.balancers.push({ ...front, id: 'lb-longer01', domain: `www.${DOMAIN}`, listeners: [] })
  return world
}

async function diagnosed(world: World, domain: string, vpcId: string | null = null) {
  const cloud = await openCloud(world)
  try {
    const clb = referenceFrom(domain, vpcId)
    if (!clb) throw new Error(`${domain} is no domain`)
    return await cloud.diagnose(world, { clb })
  } finally {
    await cloud.close()
  }
}

describe('a CLB that is named by its domain', () => {
  it('is found by exactly this domain, in any case', async () => {
    const { diagnosis } = await diagnosed(named(), DOMAIN.toUpperCase())
    expect(diagnosis.loadBalancer).toMatchObject({ id: 'lb-7dpmqwcu', domain: DOMAIN, vips: [] })
    expect(diagnosis.verdict).not.toBe('inconclusive')
  })

  it('is not found by a part of its domain, and the answer says what to give instead', async () => {
    const { lookupFailure, diagnosis } = await diagnosed(named(), 'gz-tencentclb.com')
    expect(lookupFailure?.kind).toBe('unknown-domain')
    expect(diagnosis.headline).toMatch(
      /^No CLB in region ap-guangzhou has the domain gz-tencentclb\.com; .* Give the lb-… id or the VIP instead/,
    )
  })

  it('is listed beside the others if several have the domain, and the VPC narrows the choice', async () => {
    const world = named()
    const [front] = world.balancers.filter(({ id }) => id === 'lb-7dpmqwcu')
    if (!front) throw new Error('no CLB')
    world.balancers.push({ ...front, id: 'lb-second01', vpcId: 'vpc-other001' })
    const { lookupFailure, diagnosis } = await diagnosed(world, DOMAIN)
    expect(lookupFailure?.kind).toBe('ambiguous-vip')
    for (const id of ['lb-7dpmqwcu', 'lb-second01']) expect(diagnosis.headline).toContain(id)
    expect(diagnosis.headline).not.toContain('lb-longer01')
    expect((await diagnosed(world, DOMAIN, front.vpcId)).diagnosis.loadBalancer?.id).toBe('lb-7dpmqwcu')
  })

  it.each([
    [DOMAIN, 'lb-7dpmqwcu'],
    ['shop.example.com', null],
  ])('is diagnosed after an alarm with %s in place of the VIP', async (vip, id) => {
    const scenario = SCENARIOS.find(({ name }) => name === 'healthy')
    if (!scenario) throw new Error('no scenario')
    const stage = await setStage({ ...scenario, build: named })
    try {
      const alarm = scenario.alarm() as { alarmObjInfo: object }
      const dimensions = { protocol: 'https', vip, port: '443', objId: `${vip}#443#https` }
      await postToServe(stage, { ...alarm, alarmObjInfo: { ...alarm.alarmObjInfo, dimensions } })
      const [message] = stage.group.messages
      expect(stage.hook.diagnoses[0]?.loadBalancer?.id ?? null).toBe(id)
      if (id === null) {
        // A joiner keeps the domain from becoming a link.
        expect(message?.content.replaceAll('\u2060', '')).toContain(`没有域名为 ${vip} 的负载均衡`)
        expect(message?.content).toContain('请改给 lb- 开头的 ID 或 VIP')
      }
    } finally {
      await stage.close()
    }
  })
})
