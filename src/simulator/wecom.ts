import http from 'node:http'

// A stand-in for the WeCom group bot (developer.work.weixin.qq.com/document/path/99110): its limits, its error codes,
// and HTTP 200 whatever happens.

export interface GroupMessage {
  readonly msgtype: string
  readonly content: string
  readonly at: number
}

type Reply = { readonly errcode: number; readonly errmsg: string } | { readonly status: number }

export interface WecomGroup {
  /** The bot's webhook address, its key included. */
  readonly url: string
  readonly messages: readonly GroupMessage[]
  /** What to answer to the next `times` messages instead; they are not shown in the group. */
  reply(next: Reply, times?: number): void
  close(): Promise<void>
}

const KEY = '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa'
const PER_MINUTE = 20
const LIMITS: Readonly<Record<string, number>> = { text: 2048, markdown: 4096, markdown_v2: 4096 }

export async function startWecomStandIn(options: { readonly now?: () => number } = {}): Promise<WecomGroup> {
  const now = options.now ?? Date.now
  const messages: GroupMessage[] = []
  const arrivals: number[] = []
  let scripted: { reply: Reply; left: number } | null = null

  const judge = (path: string, body: string): { errcode: number; errmsg: string } => {
    const url = new URL(path, 'http://127.0.0.1')
    if (url.pathname !== '/cgi-bin/webhook/send' || url.searchParams.get('key') !== KEY)
      return { errcode: 93000, errmsg: 'invalid webhook url' }
    const recent = arrivals.filter((at) => now() - at < 60_000).length
    if (recent >= PER_MINUTE) return { errcode: 45009, errmsg: 'api freq out of limit' }
    arrivals.push(now())
    let message: Record<string, unknown>
    try {
      message = JSON.parse(body) as Record<string, unknown>
    } catch {
      return { errcode: 47001, errmsg: 'data format error' }
    }
    const msgtype = String(message.msgtype ?? '')
    const limit = LIMITS[msgtype]
    if (limit === undefined) return { errcode: 40008, errmsg: 'invalid message type' }
    const content = (message[msgtype] as { content?: unknown } | undefined)?.content
    if (typeof content !== 'string' || content === '') return { errcode: 44004, errmsg: 'empty content' }
    if (Buffer.byteLength(content) > limit)
      return { errcode: 40058, errmsg: `${msgtype}.content exceed max length ${limit}` }
    messages.push({ msgtype, content, at: now() })
    return { errcode: 0, errmsg: 'ok' }
  }

  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      if (scripted && scripted.left > 0) {
        scripted.left -= 1
        const { reply } = scripted
        res.writeHead('status' in reply ? reply.status : 200, { 'content-type': 'application/json' })
        res.end('status' in reply ? '' : JSON.stringify(reply))
        return
      }
      res.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' })
      res.end(JSON.stringify(judge(req.url ?? '/', Buffer.concat(chunks).toString('utf8'))))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/cgi-bin/webhook/send?key=${KEY}`,
    messages,
    reply(next, times = 1) {
      scripted = { reply: next, left: times }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
