import { type LaneReport, waiting } from '../../delivery/index.ts'
import { type Incident, lastDeliveries, withDelivery } from '../../incidents/index.ts'
import { type DeliveryEntry, isOver, type News, type OperatorNote } from '../../model/incident.ts'
import type { Put } from '../../store/index.ts'
import { t } from '../../text/index.ts'
import type { Config } from '../config.ts'
import type { AppContext } from '../context.ts'
import { byLanguage, type ConfiguredReceiver } from '../receivers.ts'
import { TEXTS } from '../texts.ts'
import { postMessage } from './post.ts'
import { readOne, written } from './records.ts'
import { rankOf } from './tell.ts'

const DAY_MS = 24 * 3_600_000

/** What a receiver refuses for good is told to others, once a day for each receiver. */
export async function tellRefusals(reports: readonly LaneReport[], context: AppContext): Promise<void> {
  for (const report of reports) if (report.outcome === 'permanent') await tellRefusal(report, context)
}

/** Who hears instead of receivers that refuse: the default of the routes, or all others if nobody else is in it. */
export function insteadOf(
  tried: (receiver: string) => boolean,
  { receivers, routing }: Pick<Config, 'receivers' | 'routing'>,
): readonly ConfiguredReceiver[] {
  const others = receivers.filter(({ name }) => !tried(name))
  const named = others.filter(({ name }) => routing.default?.includes(name))
  return named.length > 0 ? named : others
}

export interface PassedOn {
  readonly incident: Incident
  /** One for each receiver that hears it instead. */
  readonly put: readonly Put[]
  /** Who hears it instead. Empty: nobody is left. Null: nothing has to be passed on. */
  readonly to: readonly string[] | null
}

/**
 * An incident that none of its receivers has or will get goes to the default, else to the others. `incident` holds the
 * reports already. Each receiver is asked once for one message, so this ends. Pure.
 */
export function passedOn(incident: Incident, reports: readonly LaneReport[], config: Config): PassedOn {
  const lost = reports.filter(({ outcome, news }) => isLost(outcome) && isTrouble(news))
  const last = lastDeliveries(incident)
  const isHeard = config.receivers.some(({ name }) => !isLost(last.get(name)?.outcome ?? 'dropped'))
  if (lost.length === 0 || isHeard || isPast(incident)) return { incident, put: [], to: null }
  const to = insteadOf((name) => last.has(name), config).map(({ name }) => name)
  const now = Math.max(...lost.map(({ at }) => at))
  const news: readonly News[] = isOver(incident) ? ['recovered', 'first'] : ['first']
  const told = {
    about: incident.id,
    news: [...news],
    rank: rankOf(incident),
    takenAt: now,
    deadline: now + config.deadlineMs,
  }
  const id = `${incident.id}:${incident.tellings}:instead:${now}`
  const at = new Date(now).toISOString()
  return {
    incident: to.reduce(
      (all, receiver) => withDelivery(all, { receiver, reason: 'first', outcome: 'waiting', at }),
      incident,
    ),
    put: to.map((receiver) => waiting(receiver, id, told, now)),
    to,
  }
}

const isLost = (outcome: DeliveryEntry['outcome']): boolean =>
  outcome === 'permanent' || outcome === 'dropped'

/** It is told with the older one, or nobody can do anything about it any more. */
const isPast = ({ mergedInto, closedAt }: Incident): boolean => mergedInto !== null || closedAt !== null

/** A recovery alone goes only where the trouble went. */
const isTrouble = (news: readonly string[]): boolean => news.some((one) => one !== 'recovered')

async function tellRefusal({ receiver, why = '' }: LaneReport, context: AppContext): Promise<void> {
  const { store, clock, config, newId } = context
  const others = insteadOf((name) => name === receiver, config)
  if (others.length === 0) return
  const now = clock.now()
  const last = await readOne(store, 'refusals', receiver)
  if (last.value !== null && now - last.value.at < DAY_MS) return
  const isFirst = await store.write({
    put: [written('refusals', receiver, { at: now }, now)],
    when: [last.unchanged],
  })
  if (!isFirst) return
  const { timeZone } = config
  for (const [language, hearers] of byLanguage(others, config.language)) {
    const note: OperatorNote = {
      kind: 'note',
      id: newId('on'),
      createdAt: new Date(now).toISOString(),
      language,
      ...(timeZone === null ? {} : { timeZone }),
      title: t(TEXTS.refusal.title, { receiver }, language),
      lines: [t(TEXTS.refusal.why, { why }, language), t(TEXTS.refusal.todo, { receiver }, language)],
    }
    await postMessage(note, context, hearers)
  }
}
