import type { LaneReport } from '../../delivery/index.ts'
import type { OperatorNote } from '../../model/incident.ts'
import { t } from '../../text/index.ts'
import type { Config } from '../config.ts'
import type { AppContext } from '../context.ts'
import { byLanguage, type ConfiguredReceiver } from '../receivers.ts'
import { TEXTS } from '../texts.ts'
import { postMessage } from './post.ts'
import { readOne, written } from './records.ts'

const DAY_MS = 24 * 3_600_000

/** What a receiver refuses for good is told to others, once a day for each receiver. */
export async function tellRefusals(reports: readonly LaneReport[], context: AppContext): Promise<void> {
  for (const report of reports) if (report.outcome === 'permanent') await tellRefusal(report, context)
}

/** The default of the routes. Every other receiver, if there is no default or nobody else in it. */
function hearersOf(receiver: string, { receivers, routing }: Config): readonly ConfiguredReceiver[] {
  const others = receivers.filter(({ name }) => name !== receiver)
  const named = others.filter(({ name }) => routing.default?.includes(name))
  return named.length > 0 ? named : others
}

async function tellRefusal({ receiver, why = '' }: LaneReport, context: AppContext): Promise<void> {
  const { store, clock, config, newId } = context
  const others = hearersOf(receiver, config)
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
      lines: [t(TEXTS.refusal.why, { why }, language), TEXTS.refusal.todo[language]],
    }
    await postMessage(note, context, hearers)
  }
}
