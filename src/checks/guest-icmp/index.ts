import { isIpv6 } from '../../model/ip.ts'
import type { Text } from '../../model/language.ts'
import { texts } from '../../text/index.ts'
import type { Check, FixLine } from '../check.ts'
import { insideCheck } from '../guest-findings.ts'
import { keepNotes, openingOf, sysctlLines, sysctlsIn, toolText } from '../guest-fix.ts'
import type { GuestHit, GuestMachine } from '../guest-machine.ts'
import { provenPlan } from '../guest-proof.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })

/** A check of type PING: does the machine answer pings of the probes? */
export const guestIcmp: Check = insideCheck({
  id: 'guest-icmp',
  reasons: TEXTS.reasons,
  stages: ['guest-firewall', 'listener'],
  isFor: ({ guestCheck }) => guestCheck.kind === 'ping',
  order: 3,
  by: ['sysctls'],
  params: (hit) => ({
    tool: toolText(hit.reason),
    settings: settingsOf(hit),
    limits: hit.reason.rule ? [hit.reason.decidedBy] : settingsOf(hit),
  }),
  fix: (machines) => provenPlan(machines, commandsFor(machines), notesFor(machines)),
})

function settingsOf({ reason, target }: GuestHit): readonly string[] {
  const named = sysctlsIn(reason)
  if (named.length > 0) return named
  const isV6 = isIpv6(target.ip)
  if (reason.code === 'guest-icmp/echo-ignored')
    return [isV6 ? 'net.ipv6.icmp.echo_ignore_all' : 'net.ipv4.icmp_echo_ignore_all']
  return [isV6 ? 'net.ipv6.icmp.ratemask' : 'net.ipv4.icmp_ratemask']
}

/**
 * The kernel's own values, which limit no echo replies (Linux, Documentation/networking/ip-sysctl). Other settings are
 * left to people.
 */
const USUAL: Readonly<Record<string, string>> = {
  'net.ipv4.icmp_ratemask': '6168',
  'net.ipv4.icmp_msgs_per_sec': '1000',
  'net.ipv4.icmp_msgs_burst': '50',
  'net.ipv6.icmp.ratemask': '0-1,3-127',
}

/** The commands for a setting last by themselves. */
const notesFor = (machines: readonly GuestMachine[]): readonly Text[] =>
  machines[0]?.hits[0]?.reason.code === 'guest-icmp/echo-ignored' ? [] : keepNotes(openingOf(machines).keep)

function commandsFor(machines: readonly GuestMachine[]): readonly FixLine[] {
  const hit = machines[0]?.hits[0]
  if (!hit) return []
  if (hit.reason.code === 'guest-icmp/icmp-dropped' || hit.reason.rule) return openingOf(machines).commands
  const names = settingsOf(hit)
  return hit.reason.code === 'guest-icmp/echo-ignored'
    ? sysctlLines(Object.fromEntries(names.map((name) => [name, 0])))
    : sysctlLines(Object.fromEntries(names.flatMap((name) => (USUAL[name] ? [[name, USUAL[name]]] : []))))
}
