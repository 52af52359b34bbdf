import { type Fact, ok, unread } from '../model/fact.ts'
import { CloudError, CredentialsError, readFailure } from './errors.ts'

/**
 * Many ids in calls of at most `size`, in parallel. Where one unknown id fails a whole call, the call is halved until
 * the id stands alone: about `2·k·log2(size)` extra calls for k bad ids. Each id gets the answer of its own call, or
 * that call's failure; one failed call leaves the others alone.
 */
export async function readInBatches<T>(
  ids: readonly string[],
  size: number,
  fetch: (chunk: readonly string[]) => Promise<T>,
): Promise<ReadonlyMap<string, Fact<T>>> {
  const distinct = [...new Set(ids)]
  const chunks: string[][] = []
  for (let i = 0; i < distinct.length; i += size) chunks.push(distinct.slice(i, i + size))
  const found = await Promise.all(chunks.map((chunk) => readChunk(chunk, fetch)))
  return new Map(found.flat())
}

async function readChunk<T>(
  chunk: readonly string[],
  fetch: (chunk: readonly string[]) => Promise<T>,
): Promise<readonly (readonly [string, Fact<T>])[]> {
  try {
    const answer = ok(await fetch(chunk))
    return chunk.map((id) => [id, answer] as const)
  } catch (error) {
    if (!(error instanceof CloudError) || error instanceof CredentialsError) throw error
    if (error.problem !== 'not-found' || chunk.length === 1) {
      const fact = unread(readFailure(error))
      return chunk.map((id) => [id, fact] as const)
    }
    const half = Math.ceil(chunk.length / 2)
    const halves = await Promise.all([
      readChunk(chunk.slice(0, half), fetch),
      readChunk(chunk.slice(half), fetch),
    ])
    return halves.flat()
  }
}
