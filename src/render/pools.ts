import type { Pool, Target } from '../model/diagnosis.ts'
import { endpointOf, poolName } from '../model/endpoint.ts'
import type { Language } from '../model/language.ts'
import { isRefuted, type Refuted } from '../model/refuted.ts'
import { t, withAside } from '../text/index.ts'
import type { Cell, Row, Section, Table } from './blocks.ts'
import { checkLine } from './check-line.ts'
import { HOP_SIGNS, REFUTED_SIGN } from './signs.ts'
import { TEXTS } from './texts.ts'

/** A terminal shows backends in this order. */
const ORDER = ['Dead', 'Unknown', 'Close', 'Alive']

/** The backends of a listener or rule, each with the verdict of every hop. */
export function poolSection(pool: Pool, refuted: Refuted, language: Language): Section {
  const columns = (['target', 'instance', 'weight', 'status'] as const).map((word) =>
    t(TEXTS.words[word], {}, language),
  )
  const check = checkLine(pool, language)
  const stages = pool.targets[0]?.path.map(({ stage }) => TEXTS.stages[stage][language]) ?? []
  return {
    kind: 'section',
    topic: 'backends',
    heading: { text: countsLine(pool, language) },
    blocks: [
      ...[check, clientsLine(pool)].flatMap((text) =>
        text === '' ? [] : [{ kind: 'paragraph', text, style: 'small' } as const],
      ),
      {
        kind: 'table',
        topic: 'backends',
        caption: captionOf(pool, language),
        columns: [...columns, ...stages].map((head) => ({ head })),
        rows: pool.targets.map((target) => rowOf(target, refuted, language)),
        stopsHead: t(TEXTS.words.breaks, {}, language),
        signsHead: t(TEXTS.words.steps, {}, language),
        legend: `${TEXTS.words.legend[language]}${refuted.size > 0 ? TEXTS.words.refuted[language] : ''}`,
      },
    ],
  }
}

/** Why it is not known how the clients fare, and what settles it. The impact says what is known. */
function clientsLine({ clients }: Pool): string {
  const { verdict, detail = '' } = clients ?? {}
  return verdict === 'unknown' ? detail.slice(0, 1).toUpperCase() + detail.slice(1) : ''
}

function countsLine(pool: Pool, language: Language): string {
  const { total, alive, dead, unknown, off, zeroWeight } = pool.counts
  const rest = [
    unknown > 0 ? t(TEXTS.words.unknownCount, { count: unknown }, language) : '',
    off > 0 ? t(TEXTS.words.offCount, { count: off }, language) : '',
    zeroWeight > 0 ? t(TEXTS.words.zeroCount, { count: zeroWeight }, language) : '',
  ].join('')
  return t(TEXTS.words.counts, { pool: poolName(pool), total, alive, dead, rest }, language)
}

/** E.g. `probes from the VIP: 203.0.113.26/32`. The addresses are left out if the name of the source contains them. */
export function captionOf({ probe }: Pick<Pool, 'probe'>, language: Language): NonNullable<Table['caption']> {
  const source = TEXTS.sources[probe.via][language]
  const isOwnName = probe.sources.every((one) => source.includes(one))
  const label = `${t(TEXTS.words.probe, {}, language)}${/^\w/.test(source) ? ' ' : ''}${source}`
  return { label, values: isOwnName ? [] : probe.sources }
}

function rowOf(row: Target, refuted: Refuted, language: Language): Row {
  const { status, statusDetail, weight, path, ...target } = row
  const state = TEXTS.statuses[status][language]
  const hops = path.map((hop): Cell => {
    const sign = isRefuted(hop, refuted) ? REFUTED_SIGN : HOP_SIGNS[hop.verdict]
    return {
      text: sign,
      isSign: true,
      alone: `${sign} ${TEXTS.stages[hop.stage][language]}`,
      ...(hop.detail === undefined ? {} : { detail: hop.detail }),
    }
  })
  return {
    cells: [
      { text: endpointOf(target) },
      { text: target.instanceId ?? target.type },
      { text: String(weight), alone: `${t(TEXTS.words.weight, {}, language)} ${weight}` },
      { text: statusDetail ? `${state} (${statusDetail})` : state },
      ...hops,
    ],
    notes: [],
    ...stopsOf(
      status,
      path.filter((hop) => !isRefuted(hop, refuted)),
      language,
    ),
    order: ORDER.indexOf(status),
  }
}

/** The first hop that probes do not pass for sure. Nothing for a healthy backend: it answers. */
function stopsOf(
  status: Target['status'],
  path: Target['path'],
  language: Language,
): { readonly stops?: string } {
  if (status === 'Alive') return {}
  const hop = (['block', 'partial', 'unknown'] as const)
    .map((verdict) => path.find((one) => one.verdict === verdict))
    .find((found) => found !== undefined)
  if (!hop) return {}
  const stop = `${HOP_SIGNS[hop.verdict]} ${TEXTS.stages[hop.stage][language]}`
  // The sign of a block is plain. Tickets have no legend for the others.
  const { verdict } = hop
  return {
    stops:
      verdict === 'partial' || verdict === 'unknown'
        ? withAside(stop, TEXTS.words.stopsAs[verdict][language], language)
        : stop,
  }
}
