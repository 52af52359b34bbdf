import http from 'node:http'
import type { Reply } from '../support/receivers/stand-in.ts'
import type { Behaviour } from './contract.ts'

export interface Taken {
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

type Answer = (res: http.ServerResponse, taken: Taken) => void

/** What a request gets that comes before a message, for example one for a token. Null: the request is a message. */
export type Before = (taken: Pick<Taken, 'path'>) => Reply | null

const NOTHING_BEFORE: Before = () => null

/** A real HTTP server. `answers` are its answers for the behaviours that have one. */
export async function httpReceiver(
  behaviour: Behaviour | Answer,
  answers: { readonly accepts: Answer; readonly refuses: Answer; readonly later: Answer },
  before: Before = NOTHING_BEFORE,
) {
  const taken: Taken[] = []
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const one = { path: req.url ?? '', headers: req.headers, body: Buffer.concat(chunks).toString('utf8') }
      const reply = before(one)
      if (reply) return res.writeHead(reply.status ?? 200, reply.headers).end(reply.body)
      taken.push(one)
      if (typeof behaviour === 'function') return behaviour(res, one)
      switch (behaviour) {
        case 'accepts':
          return answers.accepts(res, one)
        case 'refuses permanently':
          return answers.refuses(res, one)
        case 'asks for a later attempt':
          return answers.later(res, one)
        case 'never answers':
          return
        case 'resets during its answer':
          res.writeHead(200, { 'content-length': '100' })
          res.write('{"err')
          setImmediate(() => res.socket?.resetAndDestroy())
          return
        case 'is unreachable':
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
  if (behaviour === 'is unreachable') await close()
  return { port, taken, close: behaviour === 'is unreachable' ? async () => {} : close }
}
