import { createRequire } from 'node:module'

// A fresh process of the function: handles one event, as the platform starts one, and says what became of it.
const require = createRequire(import.meta.url)
process.once('message', async ({ bundle, event, context }) => {
  const { main_handler } = require(bundle)
  let ended
  try {
    ended = { returned: (await main_handler(event, context)) ?? null }
  } catch (error) {
    ended = { thrown: error instanceof Error ? error.message : String(error) }
  }
  process.send(ended, () => process.exit(0))
})
process.send({ ready: true })
