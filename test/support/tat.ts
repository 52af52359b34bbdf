import { type Clock, systemClock } from '../../src/model/clock.ts'
import { PROBE_COMMAND, withProbe } from '../../src/simulator/probe-command.ts'
import type { Machine, Tat, World } from '../../src/simulator/world.ts'

export const COMMAND = PROBE_COMMAND

/** An account in which an administrator has registered the probe. */
export function registered<W extends World>(world: W, fields: Partial<Tat> = {}): W {
  Object.assign(withProbe(world).tat ?? {}, fields)
  return world
}

const SPEED = 40

/** Sleep is shorter than it seems, so that nobody waits for the questions about tasks, a second apart. */
export const fastClock = (): Clock => {
  let skipped = 0
  return {
    now: () => Date.now() + skipped,
    sleep: async (ms, signal) => {
      await systemClock.sleep(ms / SPEED, signal)
      skipped += ms - ms / SPEED
    },
  }
}

export const agent = (fields: Partial<NonNullable<Machine['agent']>>): NonNullable<Machine['agent']> => ({
  status: 'Online',
  environment: 'Linux',
  states: ['SUCCESS'],
  ...fields,
})
