import { halvesOf } from '../app/alarms.ts'
import type { AppContext } from '../app/index.ts'
import { createInvokeSelf, MOST_EVENT_BYTES, type OwnFunction } from '../app/invoke-self.ts'
import { isObject, text } from '../model/untrusted.ts'

// The sender of an HTTP alarm waits 5 s, and a function is frozen once it has answered. So it hands the alarm on to itself as an
// asynchronous event, which has a minute and which the platform repeats (intake facts 4). This needs the CAM policy
// docs/cam-policy-async.json. Without it the alarm is handled in place.

/** What is handed over, and in which time. */
interface HandedOver {
  readonly payload: unknown
  /** When the alarm was taken, ms since the epoch. */
  readonly takenAt: number
  readonly platformContext: unknown
  /** For handling it here, hand-over included, ms. */
  readonly total: number
}

/** True: the platform has the payload and will deliver it. False: it has to be handled here. */
export type HandOver = (handedOver: HandedOver) => Promise<boolean>

/** If the hand-over fails, the rest of the time has to do for reading and telling. */
const PART = 1 / 3
const LONGEST_MS = 1_200

/** An asynchronous event of the function to itself. */
export interface Job {
  readonly task: 'alarms'
  /** When the alarm was taken, ms since the epoch. */
  readonly takenAt: number
  readonly payload: unknown
}

export function createHandOver(context: AppContext): HandOver {
  const invokeSelf = createInvokeSelf(context)
  return async ({ payload, takenAt, platformContext, total }) => {
    const own = ownIn(platformContext)
    if (own === null) return false
    const jobs = jobsOf(payload, takenAt)
    if (jobs === null) return false
    const patienceMs = Math.min(LONGEST_MS, total * PART)
    const all = await Promise.all(jobs.map((job) => invokeSelf(own, job, patienceMs)))
    return all.every((isTaken) => isTaken)
  }
}

/**
 * A batch that is too long for one event becomes several. Null if there is no such way, or the payload is nested too deeply
 * to be written.
 */
export function jobsOf(payload: unknown, takenAt: number): readonly string[] | null {
  const job = written({ task: 'alarms', takenAt, payload })
  if (job === null) return null
  if (Buffer.byteLength(job) <= MOST_EVENT_BYTES) return [job]
  const halves = halvesOf(payload)?.map((half) => jobsOf(half, takenAt))
  return halves?.every((half) => half !== null) ? halves.flat() : null
}

function written(job: Job): string | null {
  try {
    return JSON.stringify(job)
  } catch {
    return null
  }
}

/** Null outside SCF. */
function ownIn(platformContext: unknown): OwnFunction | null {
  if (!isObject(platformContext)) return null
  const name = text(platformContext.function_name)
  if (name === null) return null
  return {
    name,
    namespace: text(platformContext.namespace) ?? 'default',
    qualifier: text(platformContext.function_version) ?? '$LATEST',
  }
}

/** The job in an event. Null for any other event. */
export function jobIn(event: unknown): Job | null {
  if (!isObject(event) || event.task !== 'alarms' || Object.keys(event).length !== 3) return null
  const { takenAt, payload } = event
  return Number.isSafeInteger(takenAt) && Number(takenAt) > 0 && payload !== undefined
    ? { task: 'alarms', takenAt: Number(takenAt), payload }
    : null
}
