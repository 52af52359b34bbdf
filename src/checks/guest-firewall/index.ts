import type { Text } from '../../model/language.ts'
import { filled, texts } from '../../text/index.ts'
import type { Check } from '../check.ts'
import { bareAddress } from '../denial-texts.ts'
import { insideCheck } from '../guest-findings.ts'
import { isTailscale, keepNotes, letIn, openingOf, toolText } from '../guest-fix.ts'
import type { GuestHit } from '../guest-machine.ts'
import { provenPlan } from '../guest-proof.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })

/** Guide 2.3: do the packet filters of the machine let the probes in and their replies out? */
export const guestFirewall: Check = insideCheck({
  id: 'guest-firewall',
  reasons: TEXTS.reasons,
  stages: ['guest-firewall'],
  order: 3,
  by: [],
  params: paramsOf,
  fix: (machines) => {
    const { commands, keep } = openingOf(machines)
    return provenPlan(machines, commands, keepNotes(keep))
  },
})

function paramsOf(hit: GuestHit) {
  const { rule, params } = hit.reason
  return {
    tool: toolText(hit.reason),
    leg: TEXTS.legs[legOf(params)],
    fate: TEXTS.fate[legOf(params)],
    refusal: TEXTS.refusal[params.leg === 'reply' || params.leg === 'data' ? params.leg : 'request'],
    whom: whomToLetIn(hit),
    vpn: rule && (params.vpn === 'tailscale' || isTailscale(rule)) ? TEXTS.vpn : TEXTS.noVpn,
    moved: movedText(params),
  }
}

function whomToLetIn({ target, reason }: GuestHit): Text {
  const lets = letIn(target, reason).map(bareAddress)
  return filled(TEXTS.whom[legOf(reason.params)], { lets, port: target.guestCheck.port ?? '-' })
}

function legOf({ leg }: GuestHit['reason']['params']) {
  return leg === 'reply' || leg === 'data' || leg === 'neighbour' || leg === 'arp' ? leg : 'request'
}

/** The counter of the rule between two samples. */
function movedText({ moved, seconds }: GuestHit['reason']['params']): Text {
  return typeof moved === 'number' && moved > 0
    ? filled(TEXTS.moved, { packets: moved, seconds: typeof seconds === 'number' ? seconds : '-' })
    : TEXTS.still
}
