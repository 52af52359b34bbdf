import type { AppContext } from '../app/index.ts'
import { createInvokeSelf, type OwnFunction } from '../app/invoke-self.ts'
import { isObject, text } from '../model/untrusted.ts'

// The sender of an HTTP alarm waits 5 s, and a function is frozen once it has answered. So it hands the alarm on to itself as an
// asynchronous event, which has a minute and which the platform repeats (intake facts 4). This needs the CAM policy
// docs/cam-policy-async.json. Without it the alarm is handled in place.

/** True: the platform has the payload and will deliver it. False: it has to be handled here. */
export type HandOver = (payload: unknown, takenAt: number, platformContext: unknown) => Promise<boolean>

/** An asynchronous event of the function to itself. */
export interface Job {
  readonly task: 'alarms'
  /** When the alarm was taken, ms since the epoch. */
  readonly takenAt: number
  readonly payload: unknown
}

export function createHandOver(context: AppContext): HandOver {
  const invokeSelf = createInvokeSelf(context)
  return async (payload, takenAt, platformContext) => {
    const own = ownIn(platformContext)
    return own !== null && invokeSelf(own, JSON.stringify({ task: 'alarms', takenAt, payload } satisfies Job))
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
