// Writes records into a folder as fast as it can, 64 at a time, and prints the id of each one that was accepted.
import { openFolder } from '../../../src/store/embedded/index.ts'

const [, , path = '', lane = '', megabytes = '1024'] = process.argv

async function main(): Promise<void> {
  const store = await openFolder(path, { clock: Date, megabytes: Number(megabytes), patienceMs: 300 })
  process.stdout.write('opened\n')
  let next = 0
  const write = async (): Promise<never> => {
    for (;;) {
      const id = `${lane}-${next++}`
      const value = JSON.stringify({ id, filler: 'x'.repeat(200) })
      await store.write({ put: [{ collection: 'alarms', id, at: next, value }] })
      process.stdout.write(`${id}\n`)
    }
  }
  await Promise.all(Array.from({ length: 64 }, write))
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
