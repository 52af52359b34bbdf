import http from 'node:http'
import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { parseReceiverAddresses } from '../../src/delivery/index.ts'
import type { Receiver } from '../../src/delivery/receiver.ts'
import type { Log } from '../../src/model/log.ts'
import { listen } from '../net/connect-proxy.ts'
import { PLANTED } from '../support/planted.ts'
import type { Subject } from './contract.ts'
import type { Before } from './http-rig.ts'
import { oneAttempt } from './one-attempt.ts'

// No secret of an address may be seen, whatever a server says back.

const WORD = 'plantedword'

type Answer = (response: http.ServerResponse, echo: string, request: http.IncomingMessage) => void

/** Servers that say everything back that they got. */
const HOSTILE: Readonly<Record<string, Answer>> = {
  'an echo with HTTP 200': (response, echo) => response.end(echo),
  'an echo with HTTP 400': (response, echo) => response.writeHead(400).end(echo),
  'an echo with HTTP 429 and in Retry-After': (response, _, { url }) =>
    response.writeHead(429, { 'retry-after': url ?? '' }).end(),
  'an echo with HTTP 500': (response, echo) => response.writeHead(500).end(echo),
  'an echo in the words of the status': (response) => response.writeHead(404, PLANTED).end(),
  'an echo as a code': (response, echo) =>
    response.end(JSON.stringify({ errcode: echo, errmsg: echo, code: echo, msg: echo })),
  'an echo beside a code': (response, echo) =>
    response.end(JSON.stringify({ errcode: 93000, errmsg: echo, code: 19021, msg: echo })),
  'an echo of a word, with HTTP 200': (response) => response.end(WORD),
  'an echo of a word, with HTTP 404': (response) => response.writeHead(404).end(WORD),
  'a redirect to an address with the secret': (response, _, { url }) =>
    response.writeHead(307, { location: `http://ops:${PLANTED}@127.0.0.1:1${url}` }).end(),
  'an answer that is no HTTP': ({ socket }, echo) => socket?.end(`${PLANTED} ${echo}\r\n\r\n`),
  'a header that is no HTTP': ({ socket }) => socket?.end(`HTTP/1.1 200 OK\r\n${PLANTED}\r\n\r\n`),
  'a reset': ({ socket }) => socket?.resetAndDestroy(),
  success: (response) => response.end('{"errcode":0,"code":0}'),
}

async function httpServer(answer: Answer, before: Before) {
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const reply = before({ path: request.url ?? '' })
    if (reply) return void response.end(reply.body)
    const body = Buffer.concat(chunks).toString()
    answer(response, JSON.stringify([request.url, request.rawHeaders, body]), request)
  })
  const port = await listen(server)
  const close = (): void => {
    server.closeAllConnections()
    server.close()
  }
  return { host: `127.0.0.1:${port}`, close }
}

/** Everything that is seen of an attempt: logs, reports (`why` of an incident), what waits, the receiver itself. */
export async function seenOf(receiver: Receiver): Promise<string> {
  const seen: string[] = [inspect(receiver, { depth: 9 }), JSON.stringify(receiver), receiver.label]
  const write = (message: string, fields?: unknown): void => {
    seen.push(`${message} ${JSON.stringify(fields)} ${inspect(fields, { depth: 9 })}`)
  }
  const log: Log = { info: write, warn: write, error: write }
  const { settled, reports, left } = await oneAttempt(receiver, log, 2_000)
  seen.push(JSON.stringify(settled), JSON.stringify(reports), JSON.stringify(left))
  const text = seen.join('\n')
  expect(text, 'the attempt was seen').toMatch(/message (not )?delivered/)
  expect(text, 'and it came to an end').not.toContain('in time')
  return text
}

/** The lines with one of the secrets, or with what a hostile server invents. */
export const leaksIn = (text: string, secrets: readonly string[]): readonly string[] =>
  text.split('\n').filter((line) => [...secrets, PLANTED, WORD].some((secret) => line.includes(secret)))

/** `receiverAt`: the receiver of the subject, at this host. */
export function itShowsNoSecret(
  { secrets }: Pick<Subject, 'secrets'>,
  address: string,
  receiverAt: (host: string) => Receiver,
  before: Before | null = null,
): void {
  it.each(Object.entries(HOSTILE))('shows no secret after %s', async (_name, answer) => {
    // The first request gets it, and then the message.
    for (const prepare of [() => null, ...(before ? [before] : [])]) {
      const { host, close } = await httpServer(answer, prepare)
      expect(leaksIn(await seenOf(receiverAt(host)), secrets)).toEqual([])
      close()
    }
  })

  it('shows no secret of its address, whole or cut anywhere', () => {
    const parsed = parseReceiverAddresses(address)
    expect(leaksIn(`${inspect(parsed, { depth: 9 })}${JSON.stringify(parsed)}`, secrets)).toEqual([])
    for (let at = 1; at < address.length; at++) {
      const [before, behind] = [address.slice(0, at), address.slice(at)]
      for (const cut of [before, behind, `${before}"${behind}`, `${before},${behind}`])
        expect(leaksIn(errorOf(cut), secrets)).toEqual([])
    }
  })
}

function errorOf(address: string): string {
  try {
    parseReceiverAddresses(address)
    return ''
  } catch (error) {
    return inspect(error, { depth: 9 })
  }
}
