import type http from 'node:http'
import type https from 'node:https'
import type { AddressInfo } from 'node:net'

/** Listens on loopback and returns the port. Rejects with the system's error, e.g. EADDRINUSE. */
export async function listenOnLoopback(server: http.Server | https.Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  return (server.address() as AddressInfo).port
}

/** Closes the server at once, without waiting for keep-alive connections. */
export const closeAtOnce = (server: http.Server | https.Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

export async function bodyOf(req: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
