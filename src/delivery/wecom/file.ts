import { createHash } from 'node:crypto'
import { isNotice, type Message } from '../../model/message.ts'
import { isObject, parseJson } from '../../model/untrusted.ts'
import { renderAs } from '../../render/index.ts'
import type { Means } from '../address.ts'
import { codeIn, type Posted } from '../post.ts'

// The whole report as a file, after a message that had to be cut. First it is uploaded, then a message of its own shows
// it (delivery facts 1.1).

const MOST_BYTES = 20 * 1024 * 1024
/** A file takes a place in the limit of the bot, as a message does. So it must not take the places of other messages. */
const MOST_FILES = 2
const PER_MS = 60_000

export interface SentFile {
  /** Null: the group has the file. Otherwise why not. */
  readonly problem: string | null
  /** True if the bot may have counted a message. */
  readonly isCounted: boolean
}

const without = (problem: string): SentFile => ({ problem, isCounted: false })

/** Sends the report as a file to one bot. */
export interface FileSender {
  /** `room`: how many more messages the limit of the bot has room for. */
  send(message: Message, room: number, signal: AbortSignal): Promise<SentFile>
}

export function createFileSender(address: string, { post, now }: Means): FileSender {
  const upload = uploadAddress(address)
  let sentAt: readonly number[] = []
  return {
    async send(message, room, signal) {
      sentAt = sentAt.filter((at) => now() - at < PER_MS)
      if (upload === null) return without('the path of its address does not end in /send')
      if (sentAt.length >= MOST_FILES) return without(`more than ${MOST_FILES} files in a minute`)
      if (room < 1) return without('the limit of messages a minute is used up')
      const file = Buffer.from(await renderAs('html', message))
      if (file.length > MOST_BYTES) return without('longer than 20 MB')
      const uploaded = await post(upload, formOf(nameOf(message), file), signal)
      const mediaId = uploaded.kind === 'answer' ? mediaIdIn(uploaded.body) : null
      if (mediaId === null) return without(`upload: ${problemOf(uploaded) ?? 'the answer has no media_id'}`)
      sentAt = [...sentAt, now()]
      const headers = { 'content-type': 'application/json; charset=utf-8' }
      const body = JSON.stringify({ msgtype: 'file', file: { media_id: mediaId } })
      const sent = await post(address, { headers, body }, signal)
      return { problem: problemOf(sent), isCounted: true }
    },
  }
}

/** `…/cgi-bin/webhook/upload_media?key=…&type=file`. Null: the address has another form. */
function uploadAddress(address: string): string | null {
  const url = new URL(address)
  if (!url.pathname.endsWith('/send')) return null
  url.pathname = url.pathname.replace(/send$/, 'upload_media')
  url.searchParams.set('type', 'file')
  return url.href
}

const nameOf = (message: Message): string =>
  `clb-doctor-${isNotice(message) ? message.incident.id : message.id}.html`

/** The boundary comes from the content, so the content cannot hold it. */
function formOf(name: string, file: Buffer) {
  const boundary = `clb-doctor-${createHash('sha256').update(file).digest('hex').slice(0, 32)}`
  const head = `--${boundary}\r
Content-Disposition: form-data; name="media"; filename="${name}"; filelength=${file.length}\r
Content-Type: application/octet-stream\r
\r
`
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(head), file, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  }
}

function mediaIdIn(body: string): string | null {
  const answer = parseJson(body)
  const id = isObject(answer) && codeIn(body, 'errcode') === 0 ? answer.media_id : null
  return typeof id === 'string' && id !== '' ? id : null
}

/** Null: it was taken. */
function problemOf(posted: Posted): string | null {
  if (posted.kind === 'failed') return posted.outcome.reason ?? 'failed'
  if (posted.status !== 200) return `HTTP ${posted.status}`
  const errcode = codeIn(posted.body, 'errcode')
  if (errcode === 0) return null
  return errcode === null ? 'the answer has no errcode' : `errcode ${errcode}`
}
