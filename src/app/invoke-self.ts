import { deadlineIn } from '../model/clock.ts'
import type { AppContext } from './context.ts'
import { isDenied, isLate, ownRegion } from './own-calls.ts'

/** The function that runs, as the platform names it. */
export interface OwnFunction {
  readonly name: string
  readonly namespace: string
  readonly qualifier: string
}

/**
 * True: the platform has the event and will start the function with it. False: it has refused it, or has not answered within
 * `patienceMs`; then it may have it all the same.
 */
export type InvokeSelf = (own: OwnFunction, event: string, patienceMs: number) => Promise<boolean>

/** The longest asynchronous event: 128 KB (583/11637). */
export const MOST_EVENT_BYTES = 128 * 1024
/** Somebody may attach the policy. */
const ASK_AGAIN_MS = 10 * 60_000
/** Otherwise each alarm would wait for an API that does not answer. */
const AFTER_SILENCE_MS = 60_000

/** Starts the function itself with an asynchronous event. This needs docs/cam-policy-async.json. */
export function createInvokeSelf({ config, cloud, clock, log }: AppContext): InvokeSelf {
  let notBefore = 0
  return async ({ name, namespace, qualifier }, event, patienceMs) => {
    if (!config.handsOver || clock.now() < notBefore || Buffer.byteLength(event) > MOST_EVENT_BYTES)
      return false
    const session = cloud.session(deadlineIn(patienceMs))
    try {
      await session.call(
        'scf:Invoke',
        {
          FunctionName: name,
          Namespace: namespace,
          Qualifier: qualifier,
          InvocationType: 'Event',
          ClientContext: event,
        },
        { region: ownRegion(config), wave: 1 },
      )
      return true
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      const needsGrant = isDenied(error)
      if (needsGrant) notBefore = clock.now() + ASK_AGAIN_MS
      else if (isLate(error)) notBefore = clock.now() + AFTER_SILENCE_MS
      log[needsGrant ? 'info' : 'warn']('alarm is handled in place: it could not be handed on', {
        why,
        ...(needsGrant ? { todo: 'attach docs/cam-policy-async.json, or set CLB_DOCTOR_ASYNC to off' } : {}),
      })
      return false
    }
  }
}
