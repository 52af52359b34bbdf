import SCRIPT from '../../guest/probe.sh'
import type { World } from './world.ts'

/** The id of the registered probe in the scenarios. */
export const PROBE_COMMAND = 'cmd-probe001'

/** As `guest-script --register` prints it: without comments and the spaces before each line. */
const REGISTERED = SCRIPT.replace(/^ *#(?![!=]).*\n/gm, '').replace(/^ +/gm, '')

/** The account as an administrator leaves it who has registered guest/probe.sh and attached docs/cam-policy-guest.json. */
export function withProbe(world: World): World {
  world.tat = {
    granted: PROBE_COMMAND,
    commands: [
      {
        id: PROBE_COMMAND,
        name: 'clb-doctor-probe',
        content: REGISTERED,
        type: 'SHELL',
        takesParameters: true,
      },
    ],
    invocations: [],
  }
  return world
}
