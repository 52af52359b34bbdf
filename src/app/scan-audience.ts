import { ATTENTION_ORDER, type Attention } from '../model/diagnosis.ts'
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
  })
  const all = receivers.map(({ name }) => name)
  const { route, receivers: named } = routed(subject, routing, all)
  return { route, receivers: receivers.filter(({ name }) => named.includes(name)) }
}

const worstOf = ({ loadBalancers }: Scan): Attention =>
  ATTENTION_ORDER.find((attention) => loadBalancers.some((row) => row.attention === attention)) ?? 'none'
