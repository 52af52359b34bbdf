import type { Outcome, Receiver } from '../receiver.ts'

const GRACE_MS = 1_000

/** One attempt. A receiver that throws, or does not end when it is told to, has a bug, which must not stop its lane. */
export async function attempt(
  receiver: Receiver,
  delivery: Parameters<Receiver['send']>[0],
  signal: AbortSignal,
): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined
  let begin = (): void => {}
  const overdue = new Promise<Outcome>((resolve) => {
    begin = () => {
      timer = setTimeout(() => resolve({ kind: 'unknown', reason: 'no answer in time' }), GRACE_MS)
    }
  })
  if (signal.aborted) begin()
  else signal.addEventListener('abort', begin, { once: true })
  try {
    return await Promise.race([receiver.send(delivery, signal), overdue])
  } catch (error) {
    // Its code is read at the first message. A build that runs at this moment has it away.
    if (isModuleMissing(error))
      return {
        kind: 'retry',
        afterMs: 0,
        reason: 'a file of clb-doctor is missing; install it again',
        isUntried: true,
      }
    return { kind: 'permanent', reason: `defect: ${error instanceof Error ? error.name : 'error'}` }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', begin)
  }
}

const isModuleMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(ERR_)?MODULE_NOT_FOUND$/.test(String(error.code))
