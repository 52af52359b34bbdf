import { expect, it } from 'vitest'
import guestPolicy from '../../docs/cam-policy-guest.json'
import networkPolicy from '../../docs/cam-policy-network.json'
import runCommandPolicy from '../../docs/cam-policy-run-command.json'
import type { FurtherLooks } from '../../src/app/look-further.ts'
import { READS } from '../../src/model/actions/index.ts'
import { guest, shop } from '../../src/simulator/base.ts'
import { findScenario } from '../../src/simulator/index.ts'
import type { World } from '../../src/simulator/world.ts'
import { askSimulated } from '../support/simulated.ts'
import { fastClock, registered } from '../support/tat.ts'

// The simulated role has the policy of the reads and that of one setting. What the setting calls beside the reads is what
// its policy allows, no more and no less.

function notListening(tat: Parameters<typeof registered>[1] = {}): World {
  const { world, machine } = shop()
  machine(16).guest = guest(8080, { listens: [] })
  return registered(world, tat)
}

function dataCentre(): World {
  const world = findScenario('idc-firewall')?.build()
  if (!world) throw new Error('no scenario')
  world.mayDetect = true
  return world
}

const SETTINGS: readonly (readonly [
  name: string,
  looks: FurtherLooks,
  world: () => World,
  policy: { readonly statement: readonly { readonly action: readonly string[] }[] },
])[] = [
  ['--in-guest', { inGuest: 'registered' }, () => notListening(), guestPolicy],
  [
    '--run-command',
    { inGuest: 'sent' },
    () => notListening({ mayRun: 'alone', commands: [] }),
    runCommandPolicy,
  ],
  ['--probe-network', { probesNetwork: true }, dataCentre, networkPolicy],
]

it.each(SETTINGS)(
  '%s calls what its policy allows, and nothing is refused',
  async (_, looks, world, policy) => {
    const { calls, diagnosis } = await askSimulated(world(), { clock: fastClock(), looks })
    const called = new Set(calls.log().map(({ action }) => action))
    const reads = new Set<string>(READS)
    expect([...called].filter((action) => !reads.has(action)).sort()).toEqual(
      policy.statement.flatMap(({ action }) => action).sort(),
    )
    expect(diagnosis.gaps.filter(({ grant }) => grant)).toEqual([])
  },
)
