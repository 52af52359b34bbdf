import http from 'node:http'
import { bodyOf, closeAtOnce, listenOnLoopback } from './listen.ts'

// A stand-in for the WeCom group bot (developer.work.weixin.qq.com/document/path/99110). It has the bot's limits and
// error codes, and answers every request with HTTP 200.

export interface GroupMessage {
  readonly msgtype: string
  readonly content: string
  readonly at: number
}

type Reply = { readonly errcode: number; readonly errmsg: string } | { readonly status: number }

export interface WecomGroup {
  /** The webhook address of the bot, with its key. */
  readonly url: string
  readonly messages: readonly GroupMessage[]
  /** Answers the next `times` messages with this instead. The group does not show these messages. */
  reply(next: Reply, times?: number): void
  close(): Promise<void>
}

const KEY = '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa'
const PER_MINUTE = 20
const LIMITS: Readonly<Record<string, number>> = { text: 2048, markdown: 4096, markdown_v2: 4096 }

export async function startWecomStandIn(
  options: { readonly now?: () => number; readonly onMessage?: (message: GroupMessage) => void } = {},
): Promise<WecomGroup> {
  const now = options.now ?? Date.now
  const messages: GroupMessage[] = []
  const arrivals: number[] = []
  let scripted: { reply: Reply; left: number } | null = null

  const judge = (req: http.IncomingMessage, body: string): { errcode: number; errmsg: string } => {
    const url = new URL(req.url ?? '/', 'http://127.0.0.1')
    if (url.pathname !== '/cgi-bin/webhook/send' || url.searchParams.get('key') !== KEY)
      return { errcode: 93000, errmsg: 'invalid webhook url' }
    if (req.method !== 'POST') return { errcode: 43002, errmsg: 'require POST method' }
    const recent = arrivals.filter((at) => now() - at < 60_000).length
    if (recent >= PER_MINUTE) return { errcode: 45009, errmsg: 'api freq out of limit' }
    arrivals.push(now())
    const message = parse(body)
    if (!message) return { errcode: 47001, errmsg: 'data format error' }
    const msgtype = String(message.msgtype ?? '')
    const limit = LIMITS[msgtype]
    if (limit === undefined) return { errcode: 40008, errmsg: 'invalid message type' }
    const content = (message[msgtype] as { content?: unknown } | undefined)?.content
    if (typeof content !== 'string' || content === '') return { errcode: 44004, errmsg: 'empty content' }
    if (Buffer.byteLength(content) > limit)
      return { errcode: 40058, errmsg: `${msgtype}.content exceed max length ${limit}` }
    const taken = { msgtype, content, at: now() }
    messages.push(taken)
    options.onMessage?.(taken)
    return { errcode: 0, errmsg: 'ok' }
  }

  const next = (): Reply | null => {
    if (!scripted || scripted.left <= 0) return null
    scripted.left -= 1
    return scripted.reply
  }

  async function handle(req: http.IncomingMessage, res: http.ServerResponse): Promise<void> {
    const body = await bodyOf(req)
    const reply = next() ?? judge(req, body)
    const isStatus = 'status' in reply
    res.writeHead(isStatus ? reply.status : 200, { 'content-type': 'application/json; charset=UTF-8' })
    res.end(isStatus ? '' : JSON.stringify(reply))
  }

  const server = http.createServer((req, res) => {
    handle(req, res).catch(() => res.destroy())
  })
  const port = await listenOnLoopback(server, 0)
  return {
    url: `http://127.0.0.1:${port}/cgi-bin/webhook/send?key=${KEY}`,
    messages,
    reply(next, times = 1) {
      scripted = { reply: next, left: times }
    },
    close: () => closeAtOnce(server),
  }
}

function parse(body: string): Record<string, unknown> | null {
  try {
    const message: unknown = JSON.parse(body)
    return typeof message === 'object' ? (message as Record<string, unknown> | null) : null
  } catch {
    return null
  }
}
