import http from 'node:http'
import { bodyOf, closeAtOnce, listenOnLoopback } from './listen.ts'

// A stand-in for the WeCom group bot (developer.work.weixin.qq.com/document/path/99110). It has the bot's limits and
// error codes, and answers every request with HTTP 200. A file is uploaded first and then shown by its media_id.

export interface GroupMessage {
  readonly msgtype: string
  readonly content: string
  readonly at: number
}

type Answer = { readonly errcode: number; readonly errmsg: string; readonly media_id?: string }
type Reply = Answer | { readonly status: number }

/** A file that a message showed. */
export interface GroupFile {
  readonly name: string
  readonly content: string
  readonly at: number
}

export interface WecomGroup {
  /** The webhook address of the bot, with its key. */
  readonly url: string
  readonly messages: readonly GroupMessage[]
  readonly files: readonly GroupFile[]
  /** Answers the next `times` messages with this instead. The group does not show these messages. */
  reply(next: Reply, times?: number): void
  close(): Promise<void>
}

const KEY = '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa'
const PATHS = ['/cgi-bin/webhook/send', '/cgi-bin/webhook/upload_media']
const PER_MINUTE = 20
const FILE_BYTES = { least: 5, most: 20 * 1024 * 1024 }
const LIMITS: Readonly<Record<string, number>> = { text: 2048, markdown: 4096, markdown_v2: 4096 }

export async function startWecomStandIn(
  options: {
    readonly now?: () => number
    readonly onMessage?: (message: GroupMessage) => void
    /** Called for every request, also for one that is refused. */
    readonly onRequest?: () => void
  } = {},
): Promise<WecomGroup> {
  const now = options.now ?? Date.now
  const messages: GroupMessage[] = []
  const files: GroupFile[] = []
  const uploads = new Map<string, Upload>()
  const arrivals: number[] = []
  let scripted: { reply: Reply; left: number } | null = null

  const judge = (req: http.IncomingMessage, body: string): Answer => {
    const url = new URL(req.url ?? '/', 'http://127.0.0.1')
    if (!PATHS.includes(url.pathname) || url.searchParams.get('key') !== KEY)
      return { errcode: 93000, errmsg: 'invalid webhook url' }
    if (req.method !== 'POST') return { errcode: 43002, errmsg: 'require POST method' }
    if (url.pathname !== PATHS[0]) {
      const upload = uploadIn(req.headers['content-type'] ?? '', body)
      if (url.searchParams.get('type') !== 'file') return { errcode: 40004, errmsg: 'invalid media type' }
      if (!upload) return { errcode: 44001, errmsg: 'empty media data' }
      const size = Buffer.byteLength(upload.content)
      if (size < FILE_BYTES.least || size > FILE_BYTES.most)
        return { errcode: 40006, errmsg: 'invalid media size' }
      const id = `media-${uploads.size + 1}`
      uploads.set(id, upload)
      return { errcode: 0, errmsg: 'ok', media_id: id }
    }
    const recent = arrivals.filter((at) => now() - at < 60_000).length
    if (recent >= PER_MINUTE) return { errcode: 45009, errmsg: 'api freq out of limit' }
    arrivals.push(now())
    const message = parse(body)
    if (!message) return { errcode: 47001, errmsg: 'data format error' }
    const msgtype = String(message.msgtype ?? '')
    if (msgtype === 'file') {
      const upload = uploads.get(String((message.file as { media_id?: unknown } | undefined)?.media_id))
      if (!upload) return { errcode: 40007, errmsg: 'invalid media_id' }
      files.push({ ...upload, at: now() })
      return { errcode: 0, errmsg: 'ok' }
    }
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
    options.onRequest?.()
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
    files,
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

type Upload = Omit<GroupFile, 'at'>

/** The part `media` of a form. Null if the form has another shape. */
function uploadIn(contentType: string, body: string): Upload | null {
  const boundary = /^multipart\/form-data; boundary=([\w'()+,./:=?-]{1,70})$/.exec(contentType)?.[1]
  if (boundary === undefined || !body.endsWith(`\r\n--${boundary}--\r\n`)) return null
  const [before, part, ...others] = body.slice(0, -(boundary.length + 8)).split(`--${boundary}\r\n`)
  if (before !== '' || part === undefined || others.length > 0) return null
  const [head = '', ...content] = part.split('\r\n\r\n')
  const own =
    /^Content-Disposition: form-data; name="media"; filename="([\w.-]+)"; filelength=(\d+)\r\nContent-Type: \S+$/
  const [, name, length] = own.exec(head) ?? []
  const text = content.join('\r\n\r\n')
  return name !== undefined && Number(length) === Buffer.byteLength(text) ? { name, content: text } : null
}
