import type { AppContext } from '../app/index.ts'
import { isDenied, ownRegion } from '../app/own-calls.ts'
import { isObject, text } from '../model/untrusted.ts'

// The sender of an HTTP alarm waits 5 s, and a function is frozen once it has answered. So it hands the alarm on to itself as an
// asynchronous event, which has a minute and which the platform repeats (intake facts 4). This needs the CAM policy
// docs/cam-policy-async.json. Without it the alarm is handled in place.

/** What the platform says about the function that runs. */
interface Own {
  readonly name: string
  readonly namespace: string
  readonly qualifier: string
}

/** True: the platform has the payload and will deliver it. False: it has to be handled here. */
export type HandOver = (payload: unknown, takenAt: number, platformContext: unknown) => Promise<boolean>

/** An asynchronous event of the function to itself. */
export interface Job {
  readonly task: 'alarms'
  /** When the alarm was taken, ms since the epoch. */
  readonly takenAt: number
  readonly payload: unknown
}

/** The longest asynchronous event: 128 KB (583/11637). */
const MOST_BYTES = 128 * 1024
/** Everything has to be answered in 4.5 s, and if this fails the alarm is handled in place. */
const PATIENCE_MS = 1_200
/** Somebody may attach the policy. */
const ASK_AGAIN_MS = 10 * 60_000

export function createHandOver({ config, cloud, clock, log }: AppContext): HandOver {
  let notBefore = 0
  return async (payload, takenAt, platformContext) => {
    const own = ownIn(platformContext)
    if (!config.handsOver || own === null || clock.now() < notBefore) return false
    const context = JSON.stringify({ task: 'alarms', takenAt, payload } satisfies Job)
    if (Buffer.byteLength(context) > MOST_BYTES) return false
    const session = cloud.session(AbortSignal.timeout(PATIENCE_MS))
    try {
      await session.call(
        'scf:Invoke',
        {
          FunctionName: own.name,
          Namespace: own.namespace,
          Qualifier: own.qualifier,
          InvocationType: 'Event',
          ClientContext: context,
        },
        { region: ownRegion(config), wave: 1 },
      )
      return true
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      const needsGrant = isDenied(error)
      if (needsGrant) notBefore = clock.now() + ASK_AGAIN_MS
      log[needsGrant ? 'info' : 'warn']('alarm is handled in place: it could not be handed on', {
        why,
        ...(needsGrant ? { todo: 'attach docs/cam-policy-async.json, or set CLB_DOCTOR_ASYNC to off' } : {}),
      })
      return false
    }
  }
}

/** Null outside SCF. */
function ownIn(platformContext: unknown): Own | null {
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
