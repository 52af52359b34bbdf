import { readFileSync } from 'node:fs'
import { type Clock, systemClock } from '../../src/model/clock.ts'
import type { Machine, Tat, World } from '../../src/simulator/world.ts'

export const SCRIPT = readFileSync(new URL('../../guest/probe.sh', import.meta.url), 'utf8')
export const COMMAND = 'cmd-probe001'

/** An account in which an administrator has registered the probe. */
export function registered<W extends World>(world: W, fields: Partial<Tat> = {}): W {
  world.tat = {
    granted: COMMAND,
    commands: [
      { id: COMMAND, name: 'clb-doctor-probe', content: SCRIPT, type: 'SHELL', takesParameters: true },
    ],
    invocations: [],
    ...fields,
  }
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
