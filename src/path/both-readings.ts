import type { Certainty, HopVerdict } from '../model/diagnosis.ts'
import type { PortReading } from '../rules/index.ts'
import type { Hop } from './hop.ts'

/** What a hop denies, under the reading that denies the most. */
export interface Denied {
  readonly verdict: 'block' | 'partial'
  /** The hop whose rules deny. Under the source reading this is not the hop of the path. */
  readonly hop: Hop
  /** Null if the rules have one meaning only, or if both readings give the same verdict. */
  readonly reading: PortReading | null
  /** The highest certainty that the two readings allow. */
  readonly ceiling: Certainty
}

/** The verdicts under the destination reading and under the source reading. */
interface Readings {
  readonly destination: HopVerdict
  readonly source: HopVerdict
}

/**
 * What both readings together deny, and which of the two denies it. If one of them denies everything, that is a block,
 * however much the other one denies. Null if nothing is denied, or if it is not known.
 */
export function deniedUnder(verdicts: Readings): Omit<Denied, 'hop'> | null {
  const { destination, source } = verdicts
  const ceiling = CEILINGS[`${destination}/${source}`]
  const reading = destination === source ? null : 'destination'
  if (ceiling !== undefined)
    return { verdict: 'block', reading: destination === 'block' ? reading : 'source', ceiling }
  if (destination !== 'partial') return null
  return { verdict: 'partial', reading, ceiling: reading === null ? 'certain' : 'likely' }
}

/** The certainty of a total block by destination reading × source reading (platform facts B). */
const CEILINGS: Readonly<Record<string, Certainty>> = {
  'block/block': 'certain',
  'block/partial': 'likely',
  'block/pass': 'likely',
  'block/unknown': 'likely',
  'partial/block': 'likely',
  'pass/block': 'possible',
}

/** What a hop denies. */
export function deniedAt(hop: Hop): Denied | null {
  const { bySourcePort = hop } = hop
  const denied = deniedUnder({ destination: hop.verdict, source: bySourcePort.verdict })
  return denied && { ...denied, hop: denied.reading === 'source' ? bySourcePort : hop }
}

/** Does the probe or its reply pass under every reading? */
export const passes = ({ verdict, bySourcePort }: Hop): boolean =>
  isPass(verdict) && (bySourcePort === undefined || isPass(bySourcePort.verdict))

const isPass = (verdict: HopVerdict): boolean => verdict === 'pass'
