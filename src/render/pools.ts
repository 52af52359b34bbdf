import type { Pool, Target } from '../model/diagnosis.ts'
import { endpointOf, poolName } from '../model/endpoint.ts'
import type { Language } from '../model/language.ts'
import type { Cell, Row, Section, Table } from './blocks.ts'
import { fill, HOP_SIGNS, SOURCES, STAGES, STATUSES } from './messages.ts'

/** What a person looks at first. */
const ORDER = ['Dead', 'Unknown', 'Close', 'Alive']

/** The backends of a listener or rule, and for each where its probes end. */
export function poolSection(pool: Pool, rank: number, language: Language): Section {
  const columns = (['target', 'instance', 'weight', 'status'] as const).map((word) => fill(word, language))
  const stages = pool.targets[0]?.path.map(({ stage }) => STAGES[stage][language]) ?? []
  return {
    kind: 'section',
    topic: 'backends',
    heading: {
      text: countsLine(pool, language),
      brief: { rank, items: 1, label: fill('backends', language) },
    },
    blocks: [
      {
        kind: 'table',
        topic: 'backends',
        caption: captionOf(pool, language),
        columns: [...columns, ...stages].map((head) => ({ head })),
        rows: pool.targets.map((target) => rowOf(target, language)),
        legend: fill('legend', language),
      },
    ],
  }
}

function countsLine(pool: Pool, language: Language): string {
  const { total, alive, dead, unknown, off, zeroWeight } = pool.counts
  const rest = [
    unknown > 0 ? fill('unknownCount', language, { count: unknown }) : '',
    off > 0 ? fill('offCount', language, { count: off }) : '',
    zeroWeight > 0 ? fill('zeroCount', language, { count: zeroWeight }) : '',
  ].join('')
  return fill('counts', language, { pool: poolName(pool), total, alive, dead, rest })
}

/** `probes from the VIP: 203.0.113.26/32`. A range that is its own name is not repeated. */
export function captionOf({ probe }: Pick<Pool, 'probe'>, language: Language): NonNullable<Table['caption']> {
  const source = SOURCES[probe.via][language]
  const isOwnName = probe.sources.every((one) => source.includes(one))
  const label = `${fill('probe', language)}${/^\w/.test(source) ? ' ' : ''}${source}`
  return { label, values: isOwnName ? [] : probe.sources }
}

function rowOf({ status, statusDetail, weight, path, ...target }: Target, language: Language): Row {
  const state = STATUSES[status][language]
  const hops = path.map(
    ({ stage, verdict, detail }): Cell => ({
      text: HOP_SIGNS[verdict],
      isSign: true,
      alone: `${HOP_SIGNS[verdict]} ${STAGES[stage][language]}`,
      ...(detail === undefined ? {} : { detail }),
    }),
  )
  return {
    cells: [
      { text: endpointOf(target) },
      { text: target.instanceId ?? target.type },
      { text: String(weight), alone: `${fill('weight', language)} ${weight}` },
      { text: statusDetail ? `${state} (${statusDetail})` : state },
      ...hops,
    ],
    notes: [],
    order: ORDER.indexOf(status),
  }
}
