import type { Change } from '../store.ts'
import { RecordWriter } from './records.ts'
import { rollback } from './schema.ts'
import { type Database, troubleOf } from './sqlite.ts'

interface Waiting {
  readonly change: Required<Change>
  readonly resolve: (written: boolean) => void
  readonly reject: (error: unknown) => void
}

/** The most changes, and characters of values, of one transaction. Meanwhile the process does nothing else. */
const MOST_CHANGES = 256
const MOST_CHARACTERS = 4_000_000

const charactersOf = ({ put }: Required<Change>): number =>
  put.reduce((sum, { value }) => sum + value.length, 0)

/**
 * Writes the changes of one tick in one transaction, because a commit waits for the disk. Each change has its own
 * conditions and its own outcome, which is told after the commit.
 */
export class GroupCommit {
  readonly #db: Database
  readonly #file: string
  readonly #writer: RecordWriter
  readonly #check: () => void
  #waiting: Waiting[] = []
  #scheduled = false

  /** `check` throws if the file cannot be relied on any more. */
  constructor(db: Database, file: string, check: () => void) {
    this.#db = db
    this.#file = file
    this.#writer = new RecordWriter(db)
    this.#check = check
  }

  write(change: Required<Change>): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject })
      this.#schedule()
    })
  }

  /** Writes everything that waits. */
  flush(): void {
    while (this.#waiting.length > 0) this.#commit(this.#nextGroup())
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#commit(this.#nextGroup())
      // Requests and timers get their turn between two groups.
      if (this.#waiting.length > 0) this.#schedule()
    })
  }

  #nextGroup(): readonly Waiting[] {
    let characters = 0
    const end = this.#waiting.findIndex(({ change }, i) => {
      characters += charactersOf(change)
      return i > 0 && (i >= MOST_CHANGES || characters > MOST_CHARACTERS)
    })
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end)
  }

  #commit(group: readonly Waiting[]): void {
    if (group.length === 0) return
    try {
      const outcomes = this.#transaction(group)
      for (const [i, { resolve }] of group.entries()) resolve(outcomes[i] ?? false)
    } catch (error) {
      // One change that does not fit takes the whole transaction with it. Alone, the others may fit.
      if (group.length > 1) for (const one of group) this.#commit([one])
      else for (const { reject } of group) reject(troubleOf(error, this.#file))
    }
  }

  #transaction(group: readonly Waiting[]): readonly boolean[] {
    this.#check()
    this.#db.exec('begin immediate')
    try {
      const outcomes = group.map(({ change }) => this.#writer.apply(change))
      if (outcomes.includes(true)) this.#writer.keepLastVersion()
      this.#db.exec('commit')
      return outcomes
    } catch (error) {
      rollback(this.#db)
      throw error
    }
  }
}
