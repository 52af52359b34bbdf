// Loaded into a process before its program. At SIGUSR2 it writes the heap that is left after a collection.
process.on('SIGUSR2', () => {
  globalThis.gc()
  globalThis.gc()
  process.stderr.write(`${JSON.stringify({ heap: process.memoryUsage().heapUsed })}\n`)
})
