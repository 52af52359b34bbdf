import http from 'node:http'
import type { Behaviour } from './contract.ts'

export interface Taken {
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

type Answer = (res: http.ServerResponse, taken: Taken) => void

/** A real HTTP receiver. `answers` says what it does for the behaviours that are an answer. */
export async function httpReceiver(
  behaviour: Behaviour | Answer,
  answers: { readonly takes: Answer; readonly refuses: Answer; readonly later: Answer },
) {
  const taken: Taken[] = []
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const one = { path: req.url ?? '', headers: req.headers, body: Buffer.concat(chunks).toString('utf8') }
      taken.push(one)
      if (typeof behaviour === 'function') return behaviour(res, one)
      switch (behaviour) {
        case 'takes':
          return answers.takes(res, one)
        case 'refuses for good':
          return answers.refuses(res, one)
        case 'says later':
          return answers.later(res, one)
        case 'never answers':
          return
        case 'resets in mid-answer':
          res.writeHead(200, { 'content-length': '100' })
          res.write('{"err')
          setImmediate(() => res.socket?.resetAndDestroy())
          return
        case 'is not there':
          return
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  if (behaviour === 'is not there') await close()
  return { port, taken, close: behaviour === 'is not there' ? async () => {} : close }
}
