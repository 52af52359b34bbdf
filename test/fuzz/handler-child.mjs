import { createRequire } from 'node:module'

// Runs the built handler. The parent sends events and gets what the handler returned or threw.
const { main_handler } = createRequire(import.meta.url)('../../dist/handler.js')
const platform = { time_limit_in_ms: 60_000, request_id: 'r' }

process.on('message', async ({ id, event }) => {
  try {
    process.send({ id, returned: (await main_handler(event, platform)) ?? null })
  } catch (error) {
    process.send({ id, thrown: error instanceof Error ? error.message : String(error) })
  }
})
process.send({ ready: true })
