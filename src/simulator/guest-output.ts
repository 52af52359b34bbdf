import { type Arrival, machineFacts, type Parameters, type Prints } from './guest-facts.ts'
import { filterSections } from './guest-filters.ts'
import { recordedLines } from './guest-recording.ts'
import { requestLines } from './guest-requests.ts'
import { fatesOf, packetsOf } from './packets.ts'
import type { Guest, Machine, World } from './world.ts'

// What guest/probe.sh prints on a simulated machine, in the form of its outputs on real ones. A test compares the names
// with those of a real run.

/** The first lines of the script, and where TAT puts its parameters. */
const IS_PROBE = /^#!\/bin\/sh\n[\s\S]*clb-doctor-probe 1/
const PARAMETERS = /^#=([A-Za-z0-9+/=]*)$/m

/** What a script prints on a machine. Only the probe is simulated. */
export function printed(world: World, machine: Machine, script: string): string {
  if (!IS_PROBE.test(script)) return 'hello from another script\n'
  const given = parametersOf(script)
  if (!given.target) return 'clb-doctor-probe 1\nerror=no-parameters\nclb-doctor-probe end\n'
  const body = given.mode === 'peer' ? peerLines(world, given) : probeLines(world, machine, given)
  return ['clb-doctor-probe 1', ...body, 'clb-doctor-probe end', ''].join('\n')
}

function parametersOf(script: string): Parameters {
  const text = Buffer.from(PARAMETERS.exec(script)?.[1] ?? '', 'base64').toString('utf8')
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=')
      return at > 0 ? [[line.slice(0, at), decodeURIComponent(line.slice(at + 1))]] : []
    }),
  )
}

const given = (parameters: Parameters): readonly string[] => [
  ...['target', 'port', 'protocol', 'kind', 'timeout', 'codes'].map(
    (name) => `${name}=${parameters[name] ?? ''}`,
  ),
  ...['path', 'host'].map(
    (name) => `${name}=${encodeURIComponent(parameters[name] ?? '').replaceAll('%2F', '/')}`,
  ),
]

/** What a machine with a recording says of itself all the same. */
const OWN_FACTS =
  /^(?:user|container|tools|missing-tools|listen-list|listen\.|process\.|proc-list|connection)/

function probeLines(world: World, machine: Machine, parameters: Parameters): readonly string[] {
  const arrived = arrivals(world, parameters.target ?? '', Number(parameters.port ?? 0))
  const pod = world.pods.find(({ ip, machineId }) => ip === parameters.target && machineId === machine.id)
  const prints: Prints = { world, machine, parameters, arrived, pod: pod ?? null }
  const { facts, sections } = machineFacts(prints)
  const filters = filterSections(prints)
  const asked = [
    `script=${parameters.script ?? ''}`,
    ...given(parameters),
    `sources=${parameters.sources ?? ''}`,
  ]
  const requests = requestLines((pod ?? machine).guest, parameters, true, answerAt(world, parameters))
  const { recording } = machine.guest
  if (recording) {
    const recorded = recordedLines(recording)
    const own = facts.filter((line) => OWN_FACTS.test(line))
    return [...asked, ...own, ...recorded.facts, ...requests, ...recorded.sections]
  }
  return [
    ...asked,
    ...facts,
    ...requests,
    ...filters.counts,
    'empty=iptables-legacy',
    'empty=ipset',
    'empty=ipvs',
    ...sections,
    ...filters.sections,
  ]
}

/** Another machine asks. Its packets pass the filters of the platform, and the target's own. */
function peerLines(world: World, parameters: Parameters): readonly string[] {
  const target = world.machines.find(({ ip, ipv6 }) => [ip, ipv6].includes(parameters.target ?? ''))
  const pod = world.pods.find(({ ip }) => ip === parameters.target)
  const node = world.machines.find(({ id }) => id === pod?.machineId)
  const isUp = (target ?? node)?.state === 'RUNNING' && !(pod && node?.guest.forwardsNothing)
  const guest = isUp ? ((target ?? pod)?.guest ?? null) : null
  return [
    'mode=peer',
    `script=${parameters.script ?? ''}`,
    ...given(parameters),
    ...twice(world, guest, parameters),
  ]
}

const twice = (world: World, guest: Guest | null, parameters: Parameters): readonly string[] =>
  [0, 1].flatMap(() => requestLines(guest, parameters, false, answerAt(world, parameters)))

/** What an application says to a custom check: what the check wants. */
function answerAt(world: World, { target, send = '' }: Parameters): Buffer {
  const checks = world.balancers
    .flatMap(({ listeners }) => listeners.flatMap(({ rules }) => rules))
    .filter(({ backends, targetGroupId }) => {
      const group = world.targetGroups.find(({ id }) => id === targetGroupId)
      return [...backends, ...(group?.members ?? [])].some(({ ip }) => ip === target)
    })
    .flatMap((rule) => [rule.check, world.targetGroups.find(({ id }) => id === rule.targetGroupId)?.check])
  const custom = checks.flatMap((check) => check?.custom ?? [])
  const bytes = (text: string, type: string): Buffer => Buffer.from(text, type === 'HEX' ? 'hex' : 'utf8')
  const asked = custom.find((one) => bytes(one.send, one.type).toString('hex') === send.toLowerCase())
  return asked ? bytes(asked.recv, asked.type) : Buffer.from('pong')
}

/** The probes of all CLBs to one address that get as far as the machine. */
function arrivals(world: World, ip: string, port: number): readonly Arrival[] {
  return world.balancers.flatMap((balancer) =>
    balancer.listeners.flatMap((listener) =>
      listener.rules.flatMap((rule) => {
        const group = world.targetGroups.find(({ id }) => id === rule.targetGroupId)
        return [...rule.backends, ...(group?.members ?? [])]
          .filter((backend) => backend.ip === ip)
          .flatMap((backend) => {
            const packets = packetsOf(world, balancer, listener, rule, backend)
            const fates = fatesOf(world, balancer, listener, rule, backend)
            return packets.flatMap((packet, i): readonly Arrival[] => {
              const fate = FATES[fates[i] ?? '']
              return fate && packet.port === port
                ? [{ source: packet.source, sourcePort: packet.sourcePort, fate }]
                : []
            })
          })
      }),
    ),
  )
}

const FATES: Readonly<Record<string, Arrival['fate']>> = {
  answered: 'open',
  'wrong-answer': 'open',
  'too-slow': 'open',
  'acl-out': 'syn',
  loopback: 'syn',
  'guest-firewall': 'dropped',
  'not-listening': 'refused',
}
