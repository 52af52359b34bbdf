import type { FilterTexts } from '../../filter/index.ts'
import type { AddressSet } from '../../rules/index.ts'
import { movedBy } from './counters.ts'
import type { Given } from './given.ts'
import { reasonOf } from './reasons.ts'
import { inDoubt, NOTHING, stoppedBy, type Verdicts } from './stops.ts'

// A full connection table: the kernel drops the first packet of every new connection that it would have to track.

export function conntrack(sources: AddressSet, given: Given): Verdicts {
  const { facts } = given
  const table = facts.conntrack
  if (table === null)
    return facts.notSeen.some(({ layer }) => layer === 'conntrack')
      ? inDoubt({ sources, stage: 'guest-firewall', decidedBy: null, notSeen: [] })
      : NOTHING
  const { count, max, drops } = table
  if (max === 0 || count < max) return NOTHING
  const texts = facts.filters.at(-1)?.texts ?? null
  const decidedBy = `nf_conntrack_count = ${count}, nf_conntrack_max = ${max}`
  if (texts !== null && !isTracking(texts)) return NOTHING
  if (texts !== null && isExempting(texts))
    return inDoubt({
      sources,
      stage: 'guest-firewall',
      decidedBy,
      code: 'guest-kernel/conntrack-full',
      notSeen: [{ layer: 'conntrack', why: 'not-understood', what: 'NOTRACK' }],
    })
  const moved = movedBy(facts, 'conntrackDrops')
  return stoppedBy(
    reasonOf(given, {
      code: 'guest-kernel/conntrack-full',
      stage: 'guest-firewall',
      sources,
      outcome: 'timeout',
      // The counter of a machine that was started long ago tells nothing of today.
      certainty: moved !== null && moved > 0 ? 'certain' : 'likely',
      decidedBy,
      params: { count, max, sysctls: ['net.netfilter.nf_conntrack_max'] },
      evidence: [
        { fact: 'nf_conntrack_count', value: count },
        { fact: 'nf_conntrack_max', value: max },
        ...(drops === null ? [] : [{ fact: 'nf_conntrack drop', value: drops }]),
        ...(moved === null ? [] : [{ fact: 'nf_conntrack drop between samples', value: moved }]),
      ],
    }),
  )
}

const TRACKING =
  /--ctstate|--state |--ctstatus|\bct (?:state|status|mark|zone|direction)|-j (?:DNAT|SNAT|MASQUERADE|REDIRECT|CONNMARK|CT)\b|\b(?:dnat|snat|masquerade|redirect)\b|type nat hook|^\*nat$|connlimit|connbytes/m
const EXEMPTING = /--notrack|-j NOTRACK|\bnotrack\b/

/** The kernel tracks nothing unless a rule asks for it. Lists that were not read may ask. */
const isTracking = (texts: FilterTexts): boolean =>
  texts.nft === null ||
  texts.iptables === null ||
  Object.values(texts).some((text) => text !== null && TRACKING.test(text))

const isExempting = (texts: FilterTexts): boolean =>
  Object.values(texts).some((text) => text !== null && EXEMPTING.test(text))
