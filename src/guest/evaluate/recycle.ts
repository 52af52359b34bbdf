import type { AddressSet } from '../../rules/index.ts'
import { movedBy } from './counters.ts'
import type { Given } from './given.ts'
import { isPing, protocolOf, reasonOf } from './reasons.ts'
import { inDoubt, NOTHING, type Verdicts } from './stops.ts'

const RECYCLE = 'net.ipv4.tcp_tw_recycle'

/**
 * Kernels before 4.12: with tcp_tw_recycle a connection request is dropped if the time stamp of its address goes back, as
 * behind NAT. Whether one probe meets that is chance, so its outcome is unknown. The kernel counts what it drops.
 */
export function recycle(sources: AddressSet, given: Given): Verdicts {
  const { machine, facts, check } = given
  const isOn = (machine.sysctl(RECYCLE) ?? 0) > 0 && machine.sysctl('net.ipv4.tcp_timestamps') !== 0
  if (!isOn || isPing(check) || protocolOf(check, facts) !== 'tcp') return NOTHING
  const dropped = movedBy(facts, 'PAWSPassive')
  if (dropped === 0) return NOTHING
  const decidedBy = `${RECYCLE} = 1`
  const reason = reasonOf(given, {
    code: 'guest-kernel/tw-recycle',
    stage: 'guest-firewall',
    sources,
    outcome: 'timeout',
    certainty: dropped === null ? 'possible' : 'likely',
    decidedBy,
    params: { sysctls: [RECYCLE] },
    evidence: [
      { fact: RECYCLE, value: 1 },
      ...(dropped === null ? [] : [{ fact: 'PAWSPassive', value: dropped }]),
    ],
  })
  const doubt = inDoubt({ sources, stage: 'guest-firewall', decidedBy, code: reason.code, notSeen: [] })
  return { ...doubt, reasons: [reason] }
}
