import { it } from 'vitest'
import { inPlace, withoutRedis, withRedis } from './function-burst.ts'

// Case E6: forty CLBs with one cause in 37 seconds and one bot, which takes 20 messages a minute.
const SECONDS = 37

it('with Redis the function tells forty CLBs in three messages at most', () => withRedis(SECONDS), 600_000)

it('without Redis every CLB is told within five minutes: SCF: address', () => {
  return withoutRedis('direct', SECONDS, 60_000)
}, 600_000)

it('without Redis every CLB is told within five minutes: HTTP, handed on', () => {
  return withoutRedis('http', SECONDS, 60_000)
}, 600_000)

it('in place over HTTP the log has the CLBs by name that the bot refused', () => inPlace(SECONDS), 200_000)
