import type { GuestCheck, GuestFacts } from '../../guest/index.ts'
import { probeSourcesOf } from '../../path/index.ts'
import { toCidrs } from '../../rules/index.ts'
import type { InPool } from '../own-checks.ts'

// Which of several checks of a backend the script was asked about, in so far as its output tells.

/** Those that the output can be about. Empty: it is about another check than all of these. */
export function askedAmong(all: readonly InPool[], facts: GuestFacts): readonly InPool[] {
  const atPort = narrowed(all, ({ target }) => isOfPort(facts, target.guestCheck))
  const sent = atPort.filter(({ target }) => isSent(facts, target.guestCheck))
  let left: readonly InPool[] = sent
  for (const isSame of TOLD) left = narrowed(left, (one) => isSame(facts.target, one))
  return left
}

/** What is left if something is. */
function narrowed(all: readonly InPool[], isFit: (one: InPool) => boolean): readonly InPool[] {
  const fit = all.filter(isFit)
  return fit.length > 0 ? fit : all
}

const isOfPort = ({ target }: GuestFacts, { ip, port }: GuestCheck): boolean =>
  target === null || (target.ip === ip && target.port === port)

/** True if the script sent what the check sends. The Host of a check may be none. */
function isSent(facts: GuestFacts, check: GuestCheck): boolean {
  const { target, requests } = facts
  // A folder does not tell. The request of another backend is nobody's here.
  if (target === null || !isOfPort(facts, check) || !target.kind) return true
  if (target.kind !== check.kind) return false
  if (check.kind !== 'http' && check.kind !== 'https' && check.kind !== 'grpc') return true
  const method = requests.find(({ isOfCheck }) => isOfCheck)?.method ?? check.method
  // An output that does not tell the path does not tell the Host, which may be none.
  if (!target.path) return method === check.method
  return target.path === check.path && (target.host ?? null) === check.host && method === check.method
}

/** What the script was told of a check, beside what it sends. True if it is the same, or was not told. */
const TOLD: readonly ((target: GuestFacts['target'], one: InPool) => boolean)[] = [
  (told, { target: { guestCheck } }) => (told?.codes ?? guestCheck.httpCodes) === guestCheck.httpCodes,
  (told, { target: { guestCheck } }) => {
    const seconds = Math.max(1, Math.ceil(guestCheck.timeoutSeconds))
    return (told?.timeoutSeconds ?? seconds) === seconds
  },
  (told, { target }) => {
    const sources = told?.sources ?? []
    return sources.length === 0 || sources.join() === toCidrs(probeSourcesOf(target)).join()
  },
]
