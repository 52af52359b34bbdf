import { texts } from '../../text/index.ts'
import type { Check, FixLine } from '../check.ts'
import { insideCheck } from '../guest-findings.ts'
import { sysctlLines, sysctlsIn } from '../guest-fix.ts'
import type { GuestHit } from '../guest-machine.ts'
import { provenPlan } from '../guest-proof.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })

/** Does the kernel itself drop the probes, or send their replies another way? */
export const guestKernel: Check = insideCheck({
  id: 'guest-kernel',
  reasons: TEXTS.reasons,
  stages: ['guest-firewall'],
  order: 3,
  by: ['device', 'back', 'route'],
  params: paramsOf,
  fix: (machines) => provenPlan(machines, commandsFor(machines.flatMap((machine) => machine.hits))),
})

function paramsOf({ reason: { params, decidedBy } }: GuestHit) {
  const { count: used = '-', max = '-', device = '-', back = '-', route } = params
  const way = TEXTS.ways[params.way === 'in' || params.way === 'none' ? params.way : 'back']
  return { used, max, device, back, route: route ?? decidedBy, ...way, ...linkTexts(params) }
}

/** A card that does not work. */
function linkTexts({ failure, way }: GuestHit['reason']['params']) {
  const state = failure === 'NO-CARRIER' ? failure : 'DOWN'
  const to = way === 'back' ? 'back' : 'in'
  return {
    state: TEXTS.states[state],
    carries: TEXTS.carries[to],
    passes: TEXTS.passes[to],
    mend: TEXTS.mend[state],
  }
}

function commandsFor(hits: readonly GuestHit[]): readonly FixLine[] {
  const [hit] = hits
  if (!hit) return []
  const { reason } = hit
  const { code, params } = reason
  switch (code) {
    case 'guest-kernel/conntrack-full': {
      // Machines have tables of several sizes, and no command may make one smaller.
      const largest = Math.max(...hits.map((one) => Number(one.reason.params.max)))
      return sysctlLines({ 'net.netfilter.nf_conntrack_max': 2 * largest })
    }
    case 'guest-kernel/rp-filter':
      return sysctlLines(looseFilter(reason))
    case 'guest-kernel/no-route-back':
      return routeLines(params.route)
    case 'guest-kernel/link-down':
      return params.failure === 'DOWN' ? linkLines(params.device, 'up') : []
    case 'guest-kernel/arp-off': {
      const named = sysctlsIn(reason)
      return named.length > 0
        ? sysctlLines(Object.fromEntries(named.map((name) => [name, 0])))
        : linkLines(params.device, 'arp on')
    }
    case 'guest-kernel/tw-recycle':
      return sysctlLines({ 'net.ipv4.tcp_tw_recycle': 0 })
    default:
      return []
  }
}

/** A device has the name that the machine printed. */
const linkLines = (device: unknown, change: 'up' | 'arp on'): readonly FixLine[] =>
  typeof device === 'string' && /^[\w.-]{1,15}$/.test(device)
    ? [{ tool: 'shell', line: `ip link set dev ${device} ${change}` }]
    : []

/** The larger value of `all` and of the interface counts. 2 asks only that some route leads to the source. */
function looseFilter(reason: GuestHit['reason']): Readonly<Record<string, number>> {
  const named = sysctlsIn(reason)
  const { device } = reason.params
  const own =
    typeof device === 'string' ? [`net.ipv4.conf.${device}.rp_filter`] : ['net.ipv4.conf.all.rp_filter']
  return Object.fromEntries((named.length > 0 ? named : own).map((name) => [name, 2]))
}

/** Only a route that `ip route` prints as it takes it. A route by a policy has to be looked at. */
const ROUTE =
  /^(?:(?:blackhole|unreachable|prohibit|local|throw) )?[\da-fA-F.:]+(?:\/\d+)?(?: (?:dev|table|via|proto|scope|metric|src) [\w.:-]+)*$/

const routeLines = (route: unknown): readonly FixLine[] =>
  typeof route === 'string' && ROUTE.test(route.trim())
    ? [{ tool: 'shell', line: `ip route del ${route.trim()}` }]
    : []
