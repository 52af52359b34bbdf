import type { Query, Stored } from './store.ts'

type Place = Pick<Stored, 'at' | 'id'>

/**
 * A UTF-16 unit as UTF-8 orders it: characters beyond U+FFFF, which are pairs of surrogates, come last. SQLite and Redis
 * compare bytes.
 */
const inByteOrder = (unit: number): number => {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

function compareIds(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x !== y) return inByteOrder(x) - inByteOrder(y)
  }
  return a.length - b.length
}

const compare = (a: Place, b: Place): number => a.at - b.at || compareIds(a.id, b.id)

/** The records of one collection, by id and in order. */
export class Collection {
  readonly #byId = new Map<string, Stored>()
  readonly #ordered: Stored[] = []

  get size(): number {
    return this.#byId.size
  }

  get(id: string): Stored | null {
    return this.#byId.get(id) ?? null
  }

  set(record: Stored): void {
    this.delete(record.id)
    this.#byId.set(record.id, record)
    this.#ordered.splice(this.#firstFrom(record), 0, record)
  }

  delete(id: string): void {
    const record = this.#byId.get(id)
    if (!record) return
    this.#byId.delete(id)
    this.#ordered.splice(this.#firstFrom(record), 1)
  }

  list({ upTo, newestFirst = false, after, limit }: Query): readonly Stored[] {
    const start = after && !newestFirst ? this.#firstFrom(after, true) : 0
    const end = Math.min(
      upTo === undefined ? this.#ordered.length : this.#firstFrom({ at: upTo + 1, id: '' }),
      after && newestFirst ? this.#firstFrom(after) : this.#ordered.length,
    )
    if (!newestFirst) return this.#ordered.slice(start, Math.min(end, start + limit))
    return this.#ordered.slice(Math.max(0, end - limit), end).reverse()
  }

  /** The index of the first record that is not before the place, or that is behind it. */
  #firstFrom(place: Place, isBehind = false): number {
    let [low, high] = [0, this.#ordered.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const record = this.#ordered[middle]
      const order = record ? compare(record, place) : 0
      if (order < 0 || (isBehind && order === 0)) low = middle + 1
      else high = middle
    }
    return low
  }
}
