import { VPC } from '../../../src/simulator/base.ts'
import type { Random } from '../random.ts'
import { type Fault, type Injection, isPod, pickOr, type Site, type Target } from './fault.ts'
import { machineIn, nicIn } from './things.ts'

// Faults of the machine, interface or address of a backend.

type Made = Pick<Injection, 'what' | 'subject' | 'resources' | 'state' | 'ceiling' | 'adds' | 'apply'>

const fault = (
  reason: string,
  is: (target: Target, site: Site) => boolean,
  make: (target: Target, random: Random, site: Site) => Made,
): Fault => ({
  code: `instance-state/${reason}`,
  inject(random, site) {
    const own = site.targets.filter((one) => is(one, site))
    const target = pickOr(random, own)
    return target && { code: `instance-state/${reason}`, kind: 'machine', ...make(target, random, site) }
  },
})

/** It counts only for backends that no other certain or likely cause explains. */
export const NO_BANDWIDTH = 'no-public-bandwidth'

const idOf = ({ home }: Target): string => home?.machineId ?? ''
const onMachine = ({ home }: Target): boolean => home !== null && home.machineId !== null
const bySecondAddress = ({ backend }: Target, { world }: Site): boolean =>
  backend.type === 'ENI' && nicIn(world, backend.ip) !== undefined
/** The backend is a machine by its primary address, and the machine has no pods as backends. */
const asItself = (target: Target, { targets }: Site): boolean =>
  target.backend.type === 'CVM' && !targets.some((other) => isPod(other) && idOf(other) === idOf(target))

const inState = (
  reason: string,
  ceiling: 'certain' | 'likely',
  field: 'state' | 'restrictState',
  states: readonly string[],
): Fault =>
  fault(reason, onMachine, (target, random) => {
    const [id, state] = [idOf(target), random.pick(states)]
    return {
      what: `${id} is ${state}`,
      subject: id,
      resources: [id],
      state,
      ceiling,
      adds: (other) => idOf(other) === id,
      apply(world) {
        Object.assign(machineIn(world, id) ?? {}, { [field]: state })
      },
    }
  })

const terminated = fault(
  'not-found',
  // A terminated machine takes its other interfaces with it, so the fault needs a machine without them.
  (one, site) =>
    asItself(one, site) && !site.world.interfaces.some(({ machineId }) => machineId === idOf(one)),
  (target) => {
    const id = idOf(target)
    return {
      what: `${id} was terminated`,
      subject: id,
      resources: [id],
      state: 'terminated',
      ceiling: 'certain',
      adds: (other) => other.backend.machineId === id,
      apply(world) {
        world.machines = world.machines.filter((one) => one.id !== id)
      },
    }
  },
)

const released = fault('not-found', bySecondAddress, ({ backend: { ip } }) => ({
  what: `${ip} was released`,
  subject: ip,
  resources: [ip],
  state: 'released',
  ceiling: 'likely',
  apply(world) {
    world.interfaces = world.interfaces.filter(({ ips }) => !ips.includes(ip))
  },
}))

const detached = fault('eni-detached', bySecondAddress, ({ backend: { ip } }, _, { world }) => {
  const id = nicIn(world, ip)?.id ?? ''
  return {
    what: `${id} (${ip}) is detached`,
    subject: ip,
    resources: [id],
    state: 'detached',
    ceiling: 'certain',
    apply(changed) {
      Object.assign(nicIn(changed, ip) ?? {}, { machineId: null })
    },
  }
})

/** An account that pays for public bandwidth at the machines, of which one has none. */
export const withoutBandwidth = fault(
  NO_BANDWIDTH,
  (one, { front }) =>
    one.backend.type === 'CVM' &&
    onMachine(one) &&
    front.type === 'OPEN' &&
    !front.ipv6 &&
    front.targetRegion === null,
  (target) => {
    const id = idOf(target)
    return {
      what: `the account is LEGACY, and ${id} has no public bandwidth`,
      subject: id,
      resources: [id],
      state: 'no-bandwidth',
      ceiling: 'likely',
      adds: (other) => idOf(other) === id,
      apply(world) {
        world.accountType = 'LEGACY'
        for (const own of world.machines) own.publicBandwidth = own.id === id ? 0 : 10
      },
    }
  },
)

const moved = fault('ip-moved', asItself, (target, random) => {
  const [id, ip] = [idOf(target), target.backend.ip]
  const machineId = random.pick(['ins-web00041', 'ins-web00042'])
  return {
    what: `${ip} moved from ${id} to ${machineId}`,
    subject: id,
    resources: [ip],
    state: 'moved',
    ceiling: 'likely',
    adds: (other) => other.backend.ip === ip,
    apply(world) {
      const own = machineIn(world, id)
      if (!own) throw new Error(id)
      const { subnetId, groups } = own
      world.interfaces.push({ id: 'eni-moved001', vpcId: VPC, subnetId, ips: [ip], groups, machineId })
      Object.assign(machineIn(world, machineId)?.guest ?? {}, { ping: false })
      own.ip = ip.replace(/\d+$/, '249')
    },
  }
})

export const machineFaults: readonly Fault[] = [
  inState('not-running', 'certain', 'state', ['STOPPED', 'STOPPING', 'SHUTDOWN', 'PENDING', 'LAUNCH_FAILED']),
  inState('isolated', 'likely', 'restrictState', ['EXPIRED', 'PROTECTIVELY_ISOLATED']),
  terminated,
  released,
  detached,
  moved,
]
