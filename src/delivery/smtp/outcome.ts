import { getSystemErrorName } from 'node:util'
import type { Outcome } from '../receiver.ts'

// What nodemailer's result or error means. Reasons hold codes and words of ours: a server's words can hold the login.

interface Receipt {
  readonly accepted: readonly unknown[]
  readonly rejected: readonly unknown[]
  readonly rejectedErrors?: readonly unknown[] | undefined
}

export function takenOutcome({ accepted, rejected, rejectedErrors = [] }: Receipt): Outcome {
  if (rejected.length === 0) return { kind: 'delivered' }
  const codes = [...new Set(rejectedErrors.map((error) => `SMTP ${field(error, 'responseCode')}`))].join(', ')
  const reason = `${rejected.length} of ${rejected.length + accepted.length} recipients refused (${codes})`
  return { kind: 'delivered', reason }
}

interface Session {
  /** The server asked for the mail, so it may have it. */
  readonly mayHaveLeft: boolean
  readonly isAborted: boolean
  readonly hasLogin: boolean
}

export function failedOutcome(error: unknown, session: Session): Outcome {
  const { mayHaveLeft, isAborted } = session
  const code = String(field(error, 'code') ?? 'failed')
  const answer = field(error, 'responseCode')
  // Any other answer at this point says nothing about the mail.
  if (typeof answer === 'number' && answer >= 400) {
    const reason = `SMTP ${answer}${adviceOn(answer, error, session)}`
    return answer >= 500 && answer !== 503
      ? { kind: 'permanent', reason }
      : { kind: 'retry', afterMs: 0, reason }
  }
  const reason = isAborted ? 'no answer in time' : (systemCode(error) ?? code)
  if (mayHaveLeft) return { kind: 'unknown', reason }
  const tls = tlsFault(error)
  if (tls !== null) return { kind: 'retry', afterMs: 0, reason: `TLS: ${tls}` }
  if (code === 'EAUTH') return { kind: 'permanent', reason: `EAUTH: ${ADVICE.noCommonLogin}` }
  if (['ECONFIG', 'EMESSAGE'].includes(code)) return { kind: 'permanent', reason: code }
  return { kind: 'retry', afterMs: 0, reason }
}

const TLS_PORT = 'write smtps:// and its port for TLS, mostly 465'
const ADVICE = {
  noCommonLogin: 'the server offers no way to log in that clb-doctor knows',
  noStarttls: `the server offers no STARTTLS on this port; ${TLS_PORT}`,
  wantsTls: `the server wants TLS but offers no STARTTLS on this port; ${TLS_PORT}`,
  wantsLogin: 'the server wants a login; write user:password@ before the host',
  offersNoLogin: `the server wants a login but offers none on this port; write port 587, or ${TLS_PORT}`,
  wrongLogin:
    'the server refuses the user or the password; percent-encode @, : and / in them; some services want an app password or an authorization code',
  wrongSender:
    'the server refuses the sender; many take only the mailbox that logs in, so write that in from=',
  tooLarge: 'the server takes no mail of this size',
} as const

/** What to change in the address, after the code. */
function adviceOn(answer: number, error: unknown, session: Session): string {
  const advice = answer < 500 ? null : advised(answer, error, session)
  return advice === null ? '' : `: ${ADVICE[advice]}`
}

/** Codes: RFC 3207 (530), RFC 4954 (530, 534, 535, 538), RFC 1870 (552). */
function advised(answer: number, error: unknown, { hasLogin }: Session): keyof typeof ADVICE | null {
  const command = String(field(error, 'command') ?? '')
  const words = String(field(error, 'response') ?? '')
  if (command === 'STARTTLS') return 'noStarttls'
  if (answer === 538) return 'wantsTls'
  if (answer === 530 && /\b(STARTTLS|TLS|SSL|encrypt\w*)\b/i.test(words)) return 'wantsTls'
  if (answer === 530) return hasLogin ? 'offersNoLogin' : 'wantsLogin'
  if (answer === 534 || answer === 535 || command.startsWith('AUTH')) return 'wrongLogin'
  // Servers that know no 530 say it with 550, 553 or 554.
  if (!hasLogin && /\b(auth\w*|log ?in|relay\w*)\b/i.test(words)) return 'wantsLogin'
  if (answer === 552 && command !== 'RCPT TO') return 'tooLarge'
  return command === 'MAIL FROM' && answer !== 503 ? 'wrongSender' : null
}

/** nodemailer keeps only the message of a TLS error. The message names certificates and hosts, and no secret. */
function tlsFault(error: unknown): string | null {
  const message = error instanceof Error ? error.message : ''
  if (/wrong version number/i.test(message)) return 'the server does not speak TLS on this port'
  return /certificate|altnames/i.test(message) ? (message.split('\n')[0] ?? '').slice(0, 120) : null
}

/** nodemailer puts a word of its own in the place of the system's, for example ESOCKET for ECONNREFUSED. */
function systemCode(error: unknown): string | null {
  const errno = field(error, 'errno')
  return typeof errno === 'number' && errno < 0 ? getSystemErrorName(errno) : null
}

const field = (error: unknown, name: string): unknown =>
  error instanceof Error && name in error ? (error as Error & Record<string, unknown>)[name] : undefined
