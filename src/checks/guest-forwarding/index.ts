import { isIpv6 } from '../../model/ip.ts'
import type { Text } from '../../model/language.ts'
import { texts } from '../../text/index.ts'
import type { Check, FixLine, GivenPlan } from '../check.ts'
import { insideCheck } from '../guest-findings.ts'
import { keepNotes, openingOf, sysctlLines, sysctlsIn } from '../guest-fix.ts'
import type { GuestHit, GuestMachine } from '../guest-machine.ts'
import { provenPlan } from '../guest-proof.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })

/** Guide 3.1.4.1–4.3: does the node forward the probes to the pods? */
export const guestForwarding: Check = insideCheck({
  id: 'guest-forwarding',
  reasons: TEXTS.reasons,
  stages: ['guest-firewall'],
  order: 3,
  by: ['sysctls'],
  params: (hit) => ({
    settings: settingsOf(hit),
  }),
  fix: (machines) => provenPlan(machines, commandsFor(machines), notesFor(machines)),
})

function settingsOf({ reason, target }: GuestHit): readonly string[] {
  const named = sysctlsIn(reason)
  if (named.length > 0) return named
  return [isIpv6(target.ip) ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward']
}

/** The other commands say it themselves, or do not last. */
const notesFor = (machines: readonly GuestMachine[]): readonly Text[] =>
  machines[0]?.hits[0]?.reason.code === 'guest-forwarding/forward-foreign-rule'
    ? keepNotes(openingOf(machines).keep)
    : []

function commandsFor(machines: readonly GuestMachine[]): NonNullable<GivenPlan['commands']> {
  const hit = machines[0]?.hits[0]
  switch (hit?.reason.code) {
    case 'guest-forwarding/ip-forward-off':
    case 'guest-forwarding/interface-forwarding-off':
      return sysctlLines(Object.fromEntries(settingsOf(hit).map((name) => [name, 1])))
    case 'guest-forwarding/forward-policy-drop':
      return policyLines(hit)
    default:
      return openingOf(machines).commands
  }
}

const POLICY_TOOLS = {
  iptables: 'iptables',
  iptablesLegacy: 'iptables-legacy',
  ip6tables: 'ip6tables',
  ip6tablesLegacy: 'ip6tables-legacy',
} as const

/** What the guide asks for: a policy of ACCEPT. nft has no such command without the whole chain. */
function policyLines({ reason: { rule } }: GuestHit): readonly FixLine[] {
  if (!rule || rule.layer === 'nft' || rule.layer === 'ipset') return []
  return [{ tool: 'shell', line: `${POLICY_TOOLS[rule.layer]} -P FORWARD ACCEPT` }]
}
