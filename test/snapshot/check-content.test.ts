import { describe, expect, it } from 'vitest'
import { known } from '../../src/model/fact.ts'
import { check, shop } from '../../src/simulator/base.ts'
import type { HealthCheck, World } from '../../src/simulator/world.ts'
import { diagnoseSimulated } from '../support/simulated.ts'

// What custom and gRPC checks send and expect is read and shown. A field that the answer lacks is not "unset".

function shopWith(protocol: 'TCP' | 'HTTPS', own: Partial<HealthCheck>): World {
  const { world, pool, listener } = shop()
  listener.protocol = protocol
  pool.check = check({ method: null, host: null, path: null, ...own })
  return world
}

const shown = async (world: World) => (await diagnoseSimulated(world)).diagnosis.pools[0]?.healthCheck

describe('the content of a health check', () => {
  it('is shown for a custom check', async () => {
    const custom = { type: 'HEX', send: '0A1B', recv: 'FF' } as const
    expect(await shown(shopWith('TCP', { type: 'CUSTOM', custom }))).toMatchObject({
      contextType: 'HEX',
      sendContext: '0A1B',
      recvContext: 'FF',
    })
  })

  it('is shown for a gRPC check', async () => {
    const view = await shown(shopWith('HTTPS', { type: 'GRPC', grpcCodes: '0,12' }))
    expect(view).toMatchObject({ type: 'GRPC', extendedCode: '0,12' })
    expect(view).not.toHaveProperty('sendContext')
  })

  it('is not shown for other checks', async () => {
    const view = await shown(shopWith('TCP', { type: 'TCP' }))
    for (const field of ['contextType', 'sendContext', 'recvContext', 'extendedCode'])
      expect(view).not.toHaveProperty(field)
  })

  it('is read with every character, and the time of binding beside it', async () => {
    const { world, pool } = shop()
    pool.backends.forEach((one) => {
      one.boundAt = '2026-11-20 06:59:55'
    })
    const { snapshot } = await diagnoseSimulated(world)
    expect(known(snapshot?.registrations)?.map(({ registeredAt }) => registeredAt)).toEqual(
      pool.backends.map(() => '2026-11-20 06:59:55'),
    )
  })
})
