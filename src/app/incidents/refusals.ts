import type { LaneReport } from '../../delivery/index.ts'
import type { OperatorNote } from '../../model/incident.ts'
import { t } from '../../text/index.ts'
import type { AppContext } from '../context.ts'
import { TEXTS } from '../texts.ts'
import { postMessage } from './post.ts'
import { readOne, written } from './records.ts'

const DAY_MS = 24 * 3_600_000

/** What a receiver refuses for good is told to the others, once a day for each receiver. */
export async function tellRefusals(reports: readonly LaneReport[], context: AppContext): Promise<void> {
  for (const report of reports) if (report.outcome === 'permanent') await tellRefusal(report, context)
}

async function tellRefusal({ receiver, why = '' }: LaneReport, context: AppContext): Promise<void> {
  const { store, clock, config, newId } = context
  const others = config.receivers.filter(({ name }) => name !== receiver)
  if (others.length === 0) return
  const now = clock.now()
  const last = await readOne(store, 'refusals', receiver)
  if (last.value !== null && now - last.value.at < DAY_MS) return
  const isFirst = await store.write({
    put: [written('refusals', receiver, { at: now }, now)],
    when: [last.unchanged],
  })
  if (!isFirst) return
  const { language, timeZone } = config
  const note: OperatorNote = {
    kind: 'note',
    id: newId('on'),
    createdAt: new Date(now).toISOString(),
    language,
    ...(timeZone === null ? {} : { timeZone }),
    title: t(TEXTS.refusal.title, { receiver }, language),
    lines: [t(TEXTS.refusal.why, { why }, language), TEXTS.refusal.todo[language]],
  }
  await postMessage(note, context, others)
}
