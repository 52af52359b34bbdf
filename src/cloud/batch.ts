import { type Fact, ok, unread } from '../model/fact.ts'
import type { CloudProblem } from './errors.ts'
import { CloudError, CredentialsError, readFailure } from './errors.ts'

/** One call for `chunk`. `halvings` is the number of failed calls before it, each of which makes its wave one later. */
export type FetchChunk<T> = (chunk: readonly string[], halvings: number) => Promise<T>

const ONE_BAD_ID: ReadonlySet<CloudProblem> = new Set(['not-found'])

/**
 * Reads ids in one call. If one id can fail the whole call (`halvesOn`, default: an id that does not exist), the failed
 * call is halved until that id stands alone. This takes about `2·k·log2(size)` extra calls for k bad ids, and at most
 * `2·size`. Each id gets the answer or the failure of its own call. Other failures are not halved.
 * @throws CredentialsError, and whatever `fetch` throws that is not a CloudError
 */
export async function readHalving<T>(
  chunk: readonly string[],
  fetch: FetchChunk<T>,
  halvesOn: ReadonlySet<CloudProblem> = ONE_BAD_ID,
  halvings = 0,
): Promise<readonly (readonly [string, Fact<T>])[]> {
  try {
    const answer = ok(await fetch(chunk, halvings))
    return chunk.map((id) => [id, answer])
  } catch (error) {
    if (!(error instanceof CloudError) || error instanceof CredentialsError) throw error
    if (!halvesOn.has(error.problem) || chunk.length === 1) {
      const fact = unread(readFailure(error))
      return chunk.map((id) => [id, fact])
    }
  }
  const half = Math.ceil(chunk.length / 2)
  const halves = [chunk.slice(0, half), chunk.slice(half)]
  return (await Promise.all(halves.map((part) => readHalving(part, fetch, halvesOn, halvings + 1)))).flat()
}
