import type { Incident } from '../../incidents/index.ts'
import { clbKey, type Received } from '../../model/alarm.ts'
import type { Diagnosis } from '../../model/diagnosis.ts'
import type { AppContext } from '../context.ts'
import type { DiagnoseAnswer } from '../diagnose.ts'
import { openPart } from './known.ts'
import { type Read, written } from './records.ts'

// When a look of `serve` goes inside machines. That takes up to 40 s, so no first message waits for it, and most workers
// stay free of it.

export interface InsideSlots {
  /** False: all are taken. */
  take(): boolean
  release(): void
}

export function createInsideSlots(most: number): InsideSlots {
  let taken = 0
  return {
    take() {
      if (taken >= most) return false
      taken += 1
      return true
    },
    release() {
      taken -= 1
    },
  }
}

/**
 * - `as asked`: the configuration alone decides
 * - `now`: inside; the slot is taken
 * - `after`: the look stays outside, because people wait for it, and another one follows inside
 * - `wait`: nobody waits, and every slot is taken
 */
export type InsideTurn = 'as asked' | 'now' | 'after' | 'wait'

/** @param isLookedAtAgain no alarm led here, but a part of an open incident */
export async function insideTurn(
  received: readonly Received[],
  isLookedAtAgain: boolean,
  context: AppContext,
  slots: InsideSlots | undefined,
): Promise<InsideTurn> {
  if (!context.config.inGuest || !slots) return 'as asked'
  const names = received.map(({ alarm }) => clbKey(alarm))
  const isFirst = !isLookedAtAgain && (await openPart(names, context)) === null
  if (isFirst) return 'after'
  if (slots.take()) return 'now'
  return received.length > 0 ? 'after' : 'wait'
}

const WAIT_MS = 1_000

/** The look is tried again soon. */
export async function lookLater(
  { value, unchanged }: Read<'looks'>,
  clb: string,
  { store, clock }: AppContext,
): Promise<void> {
  const look = written('looks', clb, { failures: 0, ...value }, clock.now() + WAIT_MS)
  await store.write({ put: [look], when: [unchanged] })
}

/** The look from outside, which says that one inside follows, if there is a machine to look into. */
export async function announced(
  answer: DiagnoseAnswer,
): Promise<Pick<DiagnoseAnswer, 'diagnosis' | 'inLanguage'>> {
  const { diagnosis, inLanguage, snapshot } = answer
  if (snapshot === null) return answer
  const { goesInside } = await import('../look-further.ts')
  if (!goesInside(snapshot, diagnosis.findings)) return answer
  return {
    diagnosis: { ...diagnosis, lookFollows: true },
    inLanguage: (language) => ({ ...inLanguage(language), lookFollows: true }),
  }
}

/** Another look at the CLB, inside its machines, if a backend is Dead. People were told before. */
export async function lookInsideNext(
  { loadBalancer, pools }: Diagnosis,
  incidents: readonly Incident[],
  { store, clock }: AppContext,
): Promise<void> {
  const id = loadBalancer?.id
  const incident = incidents.find(({ parts }) => parts.some((part) => part.id === id))
  if (id === undefined || !incident || pools.every(({ counts }) => counts.dead === 0)) return
  const look = written('looks', id, { failures: 0, incident: incident.id }, clock.now())
  await store.write({ put: [{ ...look, ifNew: true }] })
}
