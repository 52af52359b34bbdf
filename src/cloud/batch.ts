import { type Fact, ok, unread } from '../model/fact.ts'
import { CloudError, CredentialsError, readFailure } from './errors.ts'

/** One call for `chunk`. `halvings`: how many failed calls it had to wait for, which makes its wave that much later. */
export type FetchChunk<T> = (chunk: readonly string[], halvings: number) => Promise<T>

/**
 * Many ids in calls of at most `size`, in parallel, each id asked for once. Where one unknown id fails a whole call
 * (`not-found`), the call is halved until the id stands alone: about `2·k·log2(size)` extra calls for k such ids, and
 * never more than `2·size` per call. Each id gets the answer of its own call, or that call's failure; another kind of
 * failure is not halved and leaves the other calls alone.
 * @throws CredentialsError, and whatever `fetch` throws that is no CloudError
 */
export async function readInBatches<T>(
  ids: readonly string[],
  size: number,
  fetch: FetchChunk<T>,
): Promise<ReadonlyMap<string, Fact<T>>> {
  const distinct = [...new Set(ids)]
  const chunks = Array.from({ length: Math.ceil(distinct.length / size) }, (_, i) =>
    distinct.slice(i * size, (i + 1) * size),
  )
  const found = await Promise.all(chunks.map((chunk) => readChunk(chunk, 0, fetch)))
  return new Map(found.flat())
}

async function readChunk<T>(
  chunk: readonly string[],
  halvings: number,
  fetch: FetchChunk<T>,
): Promise<readonly (readonly [string, Fact<T>])[]> {
  try {
    const answer = ok(await fetch(chunk, halvings))
    return chunk.map((id) => [id, answer])
  } catch (error) {
    if (!(error instanceof CloudError) || error instanceof CredentialsError) throw error
    if (error.problem !== 'not-found' || chunk.length === 1) {
      const fact = unread(readFailure(error))
      return chunk.map((id) => [id, fact])
    }
  }
  const half = Math.ceil(chunk.length / 2)
  const halves = [chunk.slice(0, half), chunk.slice(half)]
  return (await Promise.all(halves.map((part) => readChunk(part, halvings + 1, fetch)))).flat()
}
