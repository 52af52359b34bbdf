import http from 'node:http'
import { afterEach, expect, it } from 'vitest'
import { createPost } from '../../src/delivery/post.ts'
import { createRest } from '../../src/delivery/rest.ts'
import { closeAtOnce, listenOnLoopback } from '../../src/simulator/listen.ts'

let server: http.Server | null = null
afterEach(async () => {
  if (server) await closeAtOnce(server)
  server = null
})

/** What a request that makes something comes to, if its answer has this status. */
async function outcomeOf(status: number): Promise<unknown> {
  const own = http.createServer((req, res) => {
    req.resume()
    res.writeHead(status).end()
  })
  server = own
  const base = `http://127.0.0.1:${await listenOnLoopback(own, 0)}`
  const post = createPost({ https: null, http: null, exempt: '' })
  const rest = createRest({ base, headers: {} }, post, Date.now, AbortSignal.timeout(5_000))
  const body = { type: 'application/json', text: '{}' }
  return rest.send({ method: 'POST', path: '/issue', body }).catch(({ outcome }) => outcome)
}

it.each([
  [503, true],
  [429, true],
  [500, undefined],
  [502, undefined],
  [504, undefined],
])('HTTP %i as the answer to a creation: nothing was made: %s', async (status, isUntried) => {
  const outcome = await outcomeOf(status)
  expect(outcome).toMatchObject({ kind: 'retry' })
  expect((outcome as { readonly isUntried?: boolean }).isUntried).toBe(isUntried)
})
