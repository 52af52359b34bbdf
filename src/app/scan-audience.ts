import { ATTENTION_ORDER, type Attention, type Verdict } from '../model/diagnosis.ts'
import type { RouteField } from '../model/routing.ts'
import type { Scan } from '../model/scan.ts'
import { routed, scanSubject } from '../routing/index.ts'
import type { ToldConfig } from './told.ts'

/** Who hears of a scan. It is one message, so it is routed as a whole. */
export function scanAudience(
  result: Scan,
  { receivers, routing }: Pick<ToldConfig, 'receivers' | 'routing'>,
) {
  const subject = scanSubject({
    region: result.regions.map(({ region }) => region),
    verdict: [result.verdict],
    attention: [worstOf(result)],
    code: [...new Set(result.causes.map(({ code }) => code))],
    unread: unreadInScan(result.verdict, isPartial(result)),
  })
  const all = receivers.map(({ name }) => name)
  const { route, receivers: named, unread } = routed(subject, routing, all)
  return { route, unread, receivers: receivers.filter(({ name }) => named.includes(name)) }
}

/** CLBs of which nothing is known. They may be worse than those that were examined. */
const isPartial = ({ regions, notReached, ended }: Scan): boolean =>
  ended === 'stopped' || notReached.length > 0 || regions.some(({ state }) => state === 'unread')

/** What a scan cannot say of what routes ask for. Any of it may be worse. */
export const unreadInScan = (verdict: Verdict, isPartial = false): readonly RouteField[] =>
  verdict === 'inconclusive' || isPartial ? ['verdict', 'attention', 'code'] : []

const worstOf = ({ loadBalancers }: Scan): Attention =>
  ATTENTION_ORDER.find((attention) => loadBalancers.some((row) => row.attention === attention)) ?? 'none'
