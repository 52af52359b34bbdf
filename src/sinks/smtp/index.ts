import { createHash } from 'node:crypto'
import { renderMail } from '../../render/mail.ts'
import type { SmtpReceiver } from '../address.ts'
import type { Delivery, Outcome, Sink } from '../sink.ts'

// nodemailer's own defaults (2 and 10 minutes) are longer than a function lives.
const CONNECT_TIMEOUT_MS = 5_000
const SOCKET_TIMEOUT_MS = 8_000

/** E-mail over SMTP: text and HTML. A Message-ID that repeats is the only hint of a repeat, so it counts as none. */
export function createSmtpSink(receiver: SmtpReceiver): Sink {
  return {
    kind: 'smtp',
    label: receiver.label,
    idempotent: false,
    async send(delivery, signal) {
      // Loaded when first used: it is most of a megabyte of source that functions without mail never need.
      const { createTransport } = await import('nodemailer')
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
      })
      try {
        await transport.sendMail({ ...letter(receiver, delivery), signal })
        return { kind: 'delivered' }
      } catch (error) {
        return judge(error, signal.aborted)
      } finally {
        transport.close()
      }
    },
  }
}

/**
 * All mail about one CLB hangs below a root that no mail carries, so that it is one thread even where the first was
 * lost (delivery facts 2.3). Auto-Submitted keeps holiday answers away.
 */
function letter({ from, to }: SmtpReceiver, { id, threadId, diagnosis }: Delivery) {
  const { subject, text, html } = renderMail(diagnosis)
  const root = `<clb-doctor-${createHash('sha256').update(threadId).digest('hex').slice(0, 16)}@clb-doctor>`
  return {
    from,
    to: [...to],
    subject,
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

/** Failures from before the message can have been taken. A connection that breaks later has the same codes. */
const NEVER_SENT = new Set(['EDNS', 'ETLS', 'EAUTH', 'EENVELOPE'])
const BEFORE_TALK = new Set(['CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT'])

function judge(error: unknown, aborted: boolean): Outcome {
  const field = (name: string): unknown =>
    error instanceof Error && name in error ? (error as Error & Record<string, unknown>)[name] : undefined
  const code = String(field('code') ?? 'failed')
  const response = field('responseCode')
  if (typeof response === 'number') {
    const reason = `SMTP ${response}`
    return response >= 500 && response !== 503
      ? { kind: 'permanent', reason }
      : { kind: 'retry', afterMs: 0, reason }
  }
  if (aborted) return { kind: 'unknown', reason: 'no answer in time' }
  if (code === 'ECONFIG' || code === 'EMESSAGE') return { kind: 'permanent', reason: code }
  const early =
    NEVER_SENT.has(code) || field('syscall') === 'connect' || BEFORE_TALK.has(String(field('timeoutType')))
  return early ? { kind: 'retry', afterMs: 0, reason: code } : { kind: 'unknown', reason: code }
}
