import { createHash } from 'node:crypto'
import { bareHost, isLoopback } from '../../model/ip.ts'
import { Secret } from '../../model/secret.ts'
import { leadsToLink } from '../../net/index.ts'
import { type Mail, renderMail } from '../../render/index.ts'
import { filled } from '../../text/index.ts'
import { type Address, type Fail, identityOf, queryOf, type ReceiverKind } from '../address.ts'
import { INNER } from '../post.ts'
import type { Delivery, Receiver } from '../receiver.ts'
import { TEXTS } from '../texts.ts'
import { failedOutcome, takenOutcome } from './outcome.ts'

// nodemailer's own defaults (2 and 10 minutes) are longer than a function may run.
const CONNECT_TIMEOUT_MS = 5_000
const SOCKET_TIMEOUT_MS = 8_000

interface SmtpAddress extends Address {
  readonly kind: 'smtp'
  readonly host: string
  readonly port: number
  /**
   * `implicit`: TLS from the first byte. `starttls`: STARTTLS is required. `offered`: STARTTLS if the server offers it,
   * on loopback only.
   */
  readonly tls: 'implicit' | 'starttls' | 'offered'
  /** False on loopback, where nobody stands between and a certificate is mostly self-signed. */
  readonly isCertificateChecked: boolean
  readonly user: string | null
  readonly password: Secret | null
  readonly from: string
  readonly to: readonly string[]
  readonly mayLeadInside: boolean
}

const MAILBOX = /^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+$/

export const smtp = {
  form: TEXTS.forms.smtp,
  parse(url, fail, { allowPrivate }): SmtpAddress | null {
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
    const port = url.port === '' ? (isImplicit ? 465 : 587) : Number(url.port)
    const address: SmtpAddress = {
      kind: 'smtp',
      label: `smtp ${host}`,
      identity: identityOf(
        'smtp',
        host.toLowerCase(),
        ...new Set(to.map((one) => one.toLowerCase()).toSorted()),
      ),
      variant: `${port} ${from}`,
      host,
      port,
      tls: isImplicit ? 'implicit' : isLoopback(url.hostname) ? 'offered' : 'starttls',
      isCertificateChecked: !isLoopback(url.hostname),
      user: user || null,
      password: password ? new Secret(password) : null,
      from,
      to,
      mayLeadInside: allowPrivate,
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
      if (!receiver.mayLeadInside && (await leadsToLink(receiver.host))) return INNER
      // Loaded on demand: it is almost 1 MB of source, which functions without mail do not need.
      const { createTransport } = await import('nodemailer')
      const talk = transcript()
      const transport = createTransport({
        host: receiver.host,
        port: receiver.port,
        secure: receiver.tls === 'implicit',
        requireTLS: receiver.tls === 'starttls',
        tls: { rejectUnauthorized: receiver.isCertificateChecked },
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
        return takenOutcome(await transport.sendMail({ ...letter(receiver, delivery, mail), signal }))
      } catch (error) {
        return failedOutcome(error, {
          mayHaveLeft: talk.mayHaveLeft,
          isAborted: signal.aborted,
          hasLogin: receiver.user !== null,
        })
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
 * Reads one SMTP session and records whether the mail could have left. That is so from the answer to DATA on (RFC 5321,
 * 3.3): with PIPELINING the command DATA itself is on the wire before the server has answered MAIL. nodemailer's errors
 * are the same wherever the connection breaks.
 */
function transcript() {
  let mayHaveLeft = false
  const ignore = (): void => {}
  const debug = (entry: { readonly tnx?: string }, line: unknown): void => {
    // `message` is the mail on its way. Some servers answer DATA with 250, and nodemailer then sends it as well.
    if (entry.tnx === 'message' || (entry.tnx === 'server' && /^354/.test(String(line)))) mayHaveLeft = true
  }
  return {
    logger: { level: ignore, trace: ignore, debug, info: ignore, warn: ignore, error: ignore, fatal: ignore },
    get mayHaveLeft() {
      return mayHaveLeft
    },
  }
}
