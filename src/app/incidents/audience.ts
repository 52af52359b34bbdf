import type { Incident } from '../../incidents/index.ts'
import type { News } from '../../model/incident.ts'
import type { Config } from '../config.ts'

export interface Hearer {
  readonly receiver: string
  readonly news: readonly News[]
}

/**
 * Who hears of it: the receivers that the routes name, and those who heard of the incident before. A recovery goes only
 * to the latter. A new one hears it as the first message.
 */
export function audienceOf(incident: Incident, news: readonly News[], config: Config): readonly Hearer[] {
  const known = new Set(incident.deliveries.map(({ receiver }) => receiver))
  const all = config.receivers.map(({ name }) => name)
  if (news.includes('recovered'))
    return all.filter((receiver) => known.has(receiver)).map((receiver) => ({ receiver, news }))
  return all.map((receiver) => ({ receiver, news: known.has(receiver) ? news : (['first'] as const) }))
}
