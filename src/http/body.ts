import type { Log } from '../model/log.ts'
import { problemResponse } from './problem.ts'
import type { Context } from './web.ts'

const MOST_BYTES = 1024 * 1024

/** Does the header Content-Length announce too much? */
export const isTooLarge = (length: string | null | undefined): boolean => Number(length ?? 0) > MOST_BYTES

/**
 * The body as text, or the answer if it is too large or the client left. What is too large is refused as soon as that is
 * known. The connection stays open, because a client that still sends must be able to read the answer.
 */
export async function bodyOf(c: Context, log: Log): Promise<string | Response> {
  const { headers } = c.req.raw
  try {
    if (headers.has('transfer-encoding')) return (await streamed(c)) ?? tooLarge()
    return isTooLarge(headers.get('content-length')) ? tooLarge() : await c.req.text()
  } catch {
    log.info('the client left before its request was complete', { method: c.req.method, path: c.req.path })
    return problemResponse({ status: 400, title: 'Incomplete', detail: 'The body is not complete.' })
  }
}

/** A body whose length is not known before. Null if it is too large. */
async function streamed(c: Context): Promise<string | null> {
  const reader = c.req.raw.body?.getReader()
  const chunks: Uint8Array[] = []
  let bytes = 0
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    bytes += value.length
    if (bytes > MOST_BYTES) return null
    chunks.push(value)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

const tooLarge = (): Response =>
  problemResponse({ status: 413, title: 'Payload too large', detail: 'The body may have at most 1 MiB.' })
