import { createHash } from 'node:crypto'
import { bareHost, isLoopback } from '../../model/ip.ts'
import { Secret } from '../../model/secret.ts'
import { type Mail, renderMail } from '../../render/index.ts'
import { filled } from '../../text/index.ts'
import { type Address, type Fail, queryOf, type ReceiverKind } from '../address.ts'
import type { Delivery, Outcome, Receiver } from '../receiver.ts'
import { TEXTS } from '../texts.ts'

// nodemailer's own defaults (2 and 10 minutes) are longer than a function may run.
const CONNECT_TIMEOUT_MS = 5_000
const SOCKET_TIMEOUT_MS = 8_000

interface SmtpAddress extends Address {
  readonly kind: 'smtp'
  readonly host: string
  readonly port: number
  /** `implicit`: TLS from the first byte. `starttls`: STARTTLS is required. `none`: loopback only. */
  readonly tls: 'implicit' | 'starttls' | 'none'
  readonly user: string | null
  readonly password: Secret | null
  readonly from: string
  readonly to: readonly string[]
}

const MAILBOX = /^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+$/

export const smtp = {
  form: TEXTS.forms.smtp,
  parse(url, fail): SmtpAddress | null {
    const isImplicit = url.protocol === 'smtps:'
    if (!isImplicit && url.protocol !== 'smtp:') return null
    const host = bareHost(url.hostname)
    const where = `smtp ${host}`
    if (host === '') throw fail(TEXTS.wrong.noHost)
    const from = queryOf(url).get('from') ?? ''
    const to = queryOf(url)
      .getAll('to')
      .flatMap((list) => list.split(',').map((one) => one.trim()))
    if (!MAILBOX.test(from)) throw fail(filled(TEXTS.wrong.from, { where }))
    if (to.length === 0 || !to.every((one) => MAILBOX.test(one)))
      throw fail(filled(TEXTS.wrong.to, { where }))
    if ((url.username === '') !== (url.password === '')) throw fail(filled(TEXTS.wrong.login, { where }))
    const [user, password] = [url.username, url.password].map((part) => decoded(part, where, fail))
    const address: SmtpAddress = {
      kind: 'smtp',
      label: `smtp ${host}`,
      host,
      port: url.port === '' ? (isImplicit ? 465 : 587) : Number(url.port),
      tls: isImplicit ? 'implicit' : isLoopback(url.hostname) ? 'none' : 'starttls',
      user: user || null,
      password: password ? new Secret(password) : null,
      from,
      to,
      connect: () => createSmtpReceiver(address),
    }
    return address
  },
} satisfies ReceiverKind

function decoded(part: string, where: string, fail: Fail): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw fail(filled(TEXTS.wrong.encoded, { where }))
  }
}

/**
 * E-mail over SMTP, as text and HTML. A repeated Message-ID is only a weak hint of a repeat, so this receiver does not
 * count as idempotent.
 */
export function createSmtpReceiver(receiver: SmtpAddress): Receiver {
  return {
    kind: 'smtp',
    label: receiver.label,
    idempotent: false,
    async send(delivery, signal) {
      // Loaded on demand: it is almost 1 MB of source, which functions without mail do not need.
      const { createTransport } = await import('nodemailer')
      const talk = transcript()
      const transport = createTransport({
        host: receiver.host,
        port: receiver.port,
        secure: receiver.tls === 'implicit',
        requireTLS: receiver.tls === 'starttls',
        ignoreTLS: receiver.tls === 'none',
        ...(receiver.user === null
          ? {}
          : { auth: { user: receiver.user, pass: receiver.password?.reveal() ?? '' } }),
        connectionTimeout: CONNECT_TIMEOUT_MS,
        greetingTimeout: CONNECT_TIMEOUT_MS,
        socketTimeout: SOCKET_TIMEOUT_MS,
        dnsTimeout: CONNECT_TIMEOUT_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
        logger: talk.logger,
        debug: true,
      })
      try {
        const mail = await renderMail(delivery.message)
        return taken(await transport.sendMail({ ...letter(receiver, delivery, mail), signal }))
      } catch (error) {
        return outcomeOf(error, talk.begun, signal.aborted)
      } finally {
        transport.close()
      }
    },
  }
}

/**
 * All mail about one CLB, and all mail about scans, refers to a root Message-ID that is never sent. So it forms one
 * thread even if the first mail was lost (delivery facts 2.3). Auto-Submitted prevents out-of-office replies.
 */
function letter(
  { from, to }: SmtpAddress,
  { id, threadId, subjectFor }: Delivery,
  { subject, text, html }: Mail,
) {
  const root = `<clb-doctor-${createHash('sha256').update(threadId).digest('hex').slice(0, 16)}@clb-doctor>`
  return {
    from,
    to: [...to],
    subject: subjectFor(subject),
    text,
    html,
    messageId: `<${id}@clb-doctor>`,
    inReplyTo: root,
    references: [root],
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'OOF, DR, RN, NRN, AutoReply',
    },
  }
}

/**
 * Reads the commands of one SMTP session and records whether DATA was sent. nodemailer's errors are the same wherever
 * the connection breaks.
 */
function transcript() {
  let begun = false
  const ignore = (): void => {}
  const debug = (entry: { readonly tnx?: string }, line: unknown): void => {
    if (entry.tnx === 'client' && line === 'DATA') begun = true
  }
  return {
    logger: { level: ignore, trace: ignore, debug, info: ignore, warn: ignore, error: ignore, fatal: ignore },
    get begun() {
      return begun
    },
  }
}

interface Receipt {
  readonly accepted: readonly unknown[]
  readonly rejected: readonly unknown[]
  readonly rejectedErrors?: readonly unknown[] | undefined
}

function taken({ accepted, rejected, rejectedErrors = [] }: Receipt): Outcome {
  if (rejected.length === 0) return { kind: 'delivered' }
  const codes = [...new Set(rejectedErrors.map((error) => `SMTP ${field(error, 'responseCode')}`))].join(', ')
  const reason = `${rejected.length} of ${rejected.length + accepted.length} recipients refused (${codes})`
  return { kind: 'delivered', reason }
}

function outcomeOf(error: unknown, begun: boolean, aborted: boolean): Outcome {
  const response = field(error, 'responseCode')
  if (typeof response === 'number') {
    const reason = `SMTP ${response}`
    return response >= 500 && response !== 503
      ? { kind: 'permanent', reason }
      : { kind: 'retry', afterMs: 0, reason }
  }
  const code = String(field(error, 'code') ?? 'failed')
  const reason = aborted ? 'no answer in time' : code
  if (begun) return { kind: 'unknown', reason }
  const tls = tlsFault(error)
  if (tls !== null) return { kind: 'permanent', reason: `TLS: ${tls}` }
  // EAUTH without an answer of the server means that user or password is missing.
  if (['ECONFIG', 'EMESSAGE', 'EAUTH'].includes(code)) return { kind: 'permanent', reason: code }
  return { kind: 'retry', afterMs: 0, reason }
}

/** nodemailer keeps only the message of a TLS error. The message names certificates and hosts, and no secret. */
function tlsFault(error: unknown): string | null {
  const message = error instanceof Error ? error.message : ''
  if (/wrong version number/i.test(message)) return 'the server does not speak TLS on this port'
  return /certificate|altnames/i.test(message) ? (message.split('\n')[0] ?? '').slice(0, 120) : null
}

const field = (error: unknown, name: string): unknown =>
  error instanceof Error && name in error ? (error as Error & Record<string, unknown>)[name] : undefined
