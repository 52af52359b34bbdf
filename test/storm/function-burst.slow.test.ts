import { it } from 'vitest'
import { inPlace, withRedis } from './function-burst.ts'

// Forty CLBs with one cause and one bot, in fewer seconds than in function-burst.long.test.ts. Each event has a fresh process.
const SECONDS = 12

it('with Redis the function tells forty CLBs in three messages at most', () => withRedis(SECONDS), 200_000)

it('in place over HTTP the log has the CLBs by name that the bot refused', () => inPlace(SECONDS), 100_000)
