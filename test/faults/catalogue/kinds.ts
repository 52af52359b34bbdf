import { type Fault, frontOf, isPod, poolsOf, type Target } from './fault.ts'
import { machineIn } from './things.ts'

// Kinds of faults that share their code with faults of the drawn cases. They have tests of their own (kinds.test.ts), so that
// no drawn case changes.

const STOPPED = 'lbl-nopool01'

/** The facts of a listener must not only be read off its pools, because this one has none. */
const stoppedWithoutPool: Fault = {
  code: 'load-balancer-state/listener-stopped',
  inject(_, { front }) {
    if (front.classic) return null
    return {
      code: 'load-balancer-state/listener-stopped',
      kind: 'state',
      what: 'a listener without rules is stopped',
      subject: STOPPED,
      resources: [STOPPED],
      role: 'cause',
      ceiling: 'certain',
      apply(world) {
        const listener = { id: STOPPED, name: 'redirect', protocol: 'HTTP', port: 8088 } as const
        frontOf(world).listeners.push({ ...listener, stopped: true, rules: [] })
      },
    }
  },
}

/** Several machines were terminated and are still bound: one finding with all of them. */
const severalTerminated: Fault = {
  code: 'instance-state/not-found',
  inject(random, { targets, world, front }) {
    if (front.classic) return null
    const isWhole = ({ backend, home }: Target): boolean =>
      backend.type === 'CVM' &&
      home?.machineId === backend.machineId &&
      // A terminated machine takes its other interfaces and its pods with it.
      !world.interfaces.some(({ machineId }) => machineId === backend.machineId) &&
      !targets.some((other) => isPod(other) && other.backend.machineId === backend.machineId)
    const pools = poolsOf({ targets, world, front }).map((pool) => [
      ...new Set(pool.targets.filter(isWhole).flatMap(({ backend }) => backend.machineId ?? [])),
    ])
    const wide = pools.filter(({ length }) => length > 1)
    if (wide.length === 0) return null
    const ids = random.pick(wide)
    return {
      code: 'instance-state/not-found',
      kind: 'machine',
      what: `${ids.join()} were terminated`,
      subject: ids.join(),
      resources: ids,
      state: 'terminated',
      ceiling: 'certain',
      apply(changed) {
        changed.machines = changed.machines.filter(({ id }) => !ids.includes(id))
      },
    }
  },
}

/** The firewall of every machine of the CLB is shut: the API shows nothing, and every pool is named. */
const everyGuestShut: Fault = {
  code: 'guest/firewall',
  inject(_, { targets }) {
    const ids = [...new Set(targets.flatMap(({ home }) => home?.machineId ?? []))]
    if (ids.length < 3 || targets.some(({ backend }) => backend.type === 'CCN')) return null
    return {
      code: 'guest/firewall',
      kind: 'hidden',
      what: `firewall on ${ids.join()}`,
      subject: 'every guest',
      apply(world) {
        for (const id of ids) machineIn(world, id)?.guest.drops.push('0.0.0.0/0', '::/0')
      },
    }
  },
}

export const KINDS: Readonly<Record<string, Fault>> = {
  'a stopped listener that has no pool': stoppedWithoutPool,
  'several terminated machines of one pool': severalTerminated,
  'a firewall on every machine': everyGuestShut,
}
