import type { Filters } from './filters.ts'
import { isReply } from './flow.ts'
import { nextOf, noticeOf, runLeg, toOwnEnd } from './legs.ts'
import type { Decision, Flow } from './program.ts'
import type { Walk } from './walk.ts'

/** What the prober learns of a packet that a rule rejects. If it learns nothing, it waits as after a DROP. */
export function notify(walk: Walk, filters: Filters, decision: Decision): void {
  const { flow, verdict, rejectWith, by } = decision
  const tells = isReply(flow) ? verdict === 'reset' : verdict === 'reject' || verdict === 'reset'
  if (!tells || isOfDevice(by)) {
    walk.decisions.push(decision)
    return
  }
  const before = walk.decisions.length
  const told = isReply(flow)
    ? closedBy(walk, filters, flow)
    : runLeg(walk, filters, 'reply', [noticeOf(flow, verdict === 'reset' ? verdict : 'icmp')])
  const like = ({ sources, doubts }: Flow): Flow => ({ ...flow, sources, doubts })
  const held = walk.decisions.splice(before).map((one) => like(one.flow))
  for (const one of told) walk.decide(like(one), verdict, by, rejectWith)
  for (const one of held) walk.decide(one, 'drop', by)
}

/**
 * A reset in place of an answer goes to the machine's own end of the connection, and closes it. The prober, which sends its
 * data again, then meets another reset.
 */
function closedBy(walk: Walk, filters: Filters, flow: Flow): readonly Flow[] {
  const closed = toOwnEnd(walk, filters, flow).map(({ sources, doubts, ctMark }): Flow => {
    const own = { ...flow, sources, doubts, ctMark }
    return { ...nextOf(own, 'answer'), notice: 'closed' }
  })
  return runLeg(walk, filters, 'answer', closed)
}

/** A rule of a device answers past all other rules. */
const isOfDevice = (by: Decision['by']): boolean =>
  by !== null && 'steps' in by && (by.chain.table.family === 'netdev' || by.chain.table.family === 'bridge')
