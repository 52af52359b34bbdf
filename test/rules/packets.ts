import type { NetworkAcl, SecurityGroup } from '../../src/model/snapshot.ts'
import type { Outcome, Piece, PortReading, Probe } from '../../src/rules/index.ts'
import { holds } from '../../src/rules/intervals.ts'
import { ALL_PORTS } from '../../src/rules/ports.ts'
import { judgeGroups, judgeIngress, judgeReply } from './builders.ts'

/** The stage that drops a packet or its reply, and the rule that decides at each stage: `acl-in 3`, `sg-in 0,2` … */
export interface Journey {
  readonly droppedAt: 'acl-in' | 'sg-in' | 'acl-out' | null
  readonly deciders: readonly string[]
}

/** The verdict of the evaluator on one packet. The source of the probe must be a single address. */
export function journeyOf(
  groups: readonly SecurityGroup[],
  acl: NetworkAcl | null,
  probe: Probe,
  sourcePort: number,
  reading: PortReading,
): Journey {
  const deciders: string[] = []
  const passes = (stage: string, outcome: Outcome, nameOf: (piece: Piece) => string): boolean => {
    const found = outcome.pieces.filter(({ ports }) => holds(ports, sourcePort))
    const [piece] = found
    if (!piece || found.length > 1) throw new Error(`${found.length} pieces hold the packet`)
    deciders.push(`${stage} ${piece.by.index === null ? 'default' : nameOf(piece)}`)
    if (piece.verdict === 'unknown') throw new Error(`unknown: ${piece.by.words}`)
    return piece.verdict === 'accept'
  }
  const entry = ({ by }: Piece): string => String(by.index)
  if (acl && !passes('acl-in', judgeIngress(acl, probe, ALL_PORTS), entry))
    return { droppedAt: 'acl-in', deciders }
  const rule = ({ by }: Piece): string => `${groups.findIndex(({ id }) => id === by.id)},${by.index}`
  if (!passes('sg-in', judgeGroups(groups, probe), rule)) return { droppedAt: 'sg-in', deciders }
  if (acl && !passes('acl-out', judgeReply(acl, probe, reading, ALL_PORTS), entry))
    return { droppedAt: 'acl-out', deciders }
  return { droppedAt: null, deciders }
}
