import { type Fact, ok, unread } from '../model/fact.ts'
import type { CloudProblem } from './errors.ts'
import { CloudError, CredentialsError, readFailure } from './errors.ts'

/** One call for `chunk`. `halvings`: how many failed calls it had to wait for, which makes its wave that much later. */
export type FetchChunk<T> = (chunk: readonly string[], halvings: number) => Promise<T>

const ONE_BAD_ID: ReadonlySet<CloudProblem> = new Set(['not-found'])

/**
 * The ids of one call. Where one id fails the whole call (`blamed`; an id that does not exist, when left out), the call
 * is halved until the id stands alone: about `2·k·log2(size)` extra calls for k such ids, and never more than `2·size`.
 * Each id gets the answer of its own call, or that call's failure; another kind of failure is not halved.
 * @throws CredentialsError, and whatever `fetch` throws that is no CloudError
 */
export async function readHalving<T>(
  chunk: readonly string[],
  fetch: FetchChunk<T>,
  blamed: ReadonlySet<CloudProblem> = ONE_BAD_ID,
  halvings = 0,
): Promise<readonly (readonly [string, Fact<T>])[]> {
  try {
    const answer = ok(await fetch(chunk, halvings))
    return chunk.map((id) => [id, answer])
  } catch (error) {
    if (!(error instanceof CloudError) || error instanceof CredentialsError) throw error
    if (!blamed.has(error.problem) || chunk.length === 1) {
      const fact = unread(readFailure(error))
      return chunk.map((id) => [id, fact])
    }
  }
  const half = Math.ceil(chunk.length / 2)
  const halves = [chunk.slice(0, half), chunk.slice(half)]
  return (await Promise.all(halves.map((part) => readHalving(part, fetch, blamed, halvings + 1)))).flat()
}
