import { StoreError } from '../../store/index.ts'
import type { AppContext } from '../context.ts'

/** Without a store that takes something, looks rest for so long. */
const REST_MS = 5_000
/** The same trouble is in the log once in this time. */
const SAID_MS = 60_000

/** What `serve` does while its store takes nothing, or nothing large: it keeps what it has, and takes nothing that it could not serve. */
export interface StoreTrouble {
  /** What a look sees could not be kept, so the API is not asked. Looks stay due in the store. */
  rests(): boolean
  /** @throws StoreError while there is no room for what looks see, so that senders keep their alarms */
  mustHaveRoom(): void
  /** Any error. Without room what is over gives way. */
  noted(error: unknown): void
  /** @throws the error, if it is not of the store */
  lookFailed(error: unknown): void
  dueFailed(error: unknown): void
}

export function createStoreTrouble(
  { clock, log }: Pick<AppContext, 'clock' | 'log'>,
  makeRoom: () => void,
): StoreTrouble {
  let restsUntil = 0
  let last: StoreError | null = null
  let said = { text: '', until: 0 }

  const rests = (): boolean => clock.now() < restsUntil

  function noted(error: unknown): void {
    if (error instanceof StoreError && error.kind === 'full') makeRoom()
  }

  /** The log is not filled by what stays as it is. */
  function say(message: string, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error)
    const text = `${message} ${why}`
    if (said.text === text && clock.now() < said.until) return
    said = { text, until: clock.now() + SAID_MS }
    log.error(message, { error: why })
  }

  return {
    rests,
    noted,
    mustHaveRoom() {
      if (last?.kind === 'full' && rests()) throw last
    },
    lookFailed(error) {
      if (!(error instanceof StoreError)) throw error
      noted(error)
      last = error
      restsUntil = clock.now() + REST_MS
      say('looks rest: the store does not take what they see; tried again', error)
    },
    dueFailed(error) {
      noted(error)
      say('what is due could not be done; tried again', error)
    },
  }
}
