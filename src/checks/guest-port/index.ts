import type { GuestReason } from '../../guest/index.ts'
import { filled, NOTHING, texts } from '../../text/index.ts'
import type { Check, GivenPlan } from '../check.ts'
import { insideCheck } from '../guest-findings.ts'
import { sysctlLines } from '../guest-fix.ts'
import type { GuestHit, GuestMachine } from '../guest-machine.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })

/** Guide 2.1, manual 1: does the machine listen on the port, at an address that the probes reach, with room for them? */
export const guestPort: Check = insideCheck({
  id: 'guest-port',
  reasons: TEXTS.reasons,
  stages: ['listener'],
  isFor: ({ guestCheck }) => guestCheck.kind !== 'ping',
  order: 3,
  by: ['protocol', 'port'],
  // The backends of a pool may have several ports.
  fact: ({ reason: { params }, target }) => [params.protocol, params.port === target.guestCheck.port],
  isForAnySource: true,
  params: paramsOf,
  fix,
})

function paramsOf({ reason: { params }, target }: GuestHit, machines: readonly GuestMachine[]) {
  const led = ledBy(params.port, target)
  const { process, listening, queued = '-', backlog, protocol = 'TCP', ways } = params
  const sockets =
    typeof listening === 'object' ? listening : listening === undefined ? [] : [String(listening)]
  return {
    protocol,
    queue: backlog === undefined ? filled(TEXTS.waiting, { queued }) : filled(TEXTS.of, { queued, backlog }),
    room: filled(TEXTS.room[limitOf(params)], { backlog: backlog ?? '-', allowed: params.allowed ?? '-' }),
    unread: ways === 'unread' ? TEXTS.unread : NOTHING,
    // Machines may run different programs.
    process: isOfAll(machines, process) ? String(process) : TEXTS.process,
    listening: sockets,
    port: led?.port ?? target.guestCheck.port ?? '-',
    where: led ? TEXTS.where : NOTHING,
    led: led ? filled(TEXTS.led, led) : NOTHING,
    orRule: led ? filled(TEXTS.orRule, led) : NOTHING,
    sockets: sockets.length > 0 ? filled(TEXTS.sockets, { listening: sockets }) : NOTHING,
  }
}

const isOfAll = (machines: readonly GuestMachine[], process: unknown): boolean =>
  process !== undefined &&
  machines.every(({ hits }) => hits.every(({ reason }) => reason.params.process === process))

/** The rule that sends the probes to another port of the machine, where nobody takes them. Null: none does. */
function ledBy(port: unknown, { guest, guestCheck }: GuestHit['target']) {
  if (typeof port !== 'number' || port === guestCheck.port) return null
  const rule = guest?.sentOn.find((to) => to.port === port)?.rule
  return rule ? { port, rule, asked: guestCheck.port ?? '-' } : null
}

/** A kernel keeps at most `somaxconn` connections that wait, whatever the service asks for (listen(2)). */
const ROOM = 4096

/** What made the queue so short. */
function limitOf({ backlog, allowed }: GuestReason['params']): 'kernel' | 'program' | 'unknown' {
  if (typeof backlog !== 'number' || typeof allowed !== 'number') return 'unknown'
  return backlog < allowed ? 'program' : 'kernel'
}

function fix(machines: readonly GuestMachine[]): GivenPlan {
  const hits = machines.flatMap((machine) => machine.hits)
  // A larger limit changes nothing for a program that asks for less. Where more is allowed the command would lower it.
  const isOfKernel = ({ reason: { params } }: GuestHit): boolean =>
    limitOf(params) === 'kernel' && Number(params.allowed) < ROOM
  return hits[0]?.reason.code === 'guest-port/backlog-full' && hits.every(isOfKernel)
    ? { kind: 'advice', commands: sysctlLines({ 'net.core.somaxconn': ROOM }) }
    : { kind: 'advice' }
}
