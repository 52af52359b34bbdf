import net from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

// A real SMTP server, which mailparser reads back, and a relay in front of it that breaks the session at one place.

export interface MailServer {
  readonly port: number
  readonly raw: readonly string[]
  mails(): Promise<readonly ParsedMail[]>
  close(): Promise<void>
}

/** Without more options: no login, no STARTTLS, PIPELINING. `answerTo` gives the code for a recipient, null to accept. */
export async function startMailServer(
  options: SMTPServerOptions & { readonly answerTo?: (recipient: string) => number | null } = {},
): Promise<MailServer> {
  const raw: string[] = []
  const { answerTo, ...own } = options
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onRcptTo: ({ address }, _session, callback) => {
      const responseCode = answerTo?.(address) ?? null
      callback(responseCode === null ? null : Object.assign(new Error('no'), { responseCode }))
    },
    onData: (stream, _session, callback) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (stream.sizeExceeded) return callback(Object.assign(new Error('too large'), { responseCode: 552 }))
        raw.push(Buffer.concat(chunks).toString('utf8'))
        callback()
      })
    },
    ...own,
  })
  // smtp-server reports here that a client reset its connection.
  server.on('error', () => {})
  const bound = await new Promise<net.Server>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => resolve(listening))
  })
  const address = bound.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    raw,
    mails: () => Promise.all(raw.map((one) => simpleParser(one))),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

export interface Break {
  /** So many answers after MAIL reach the client. With two recipients the fourth is that to DATA, and then the mail does. */
  readonly answers: number
  /** `hang up` ends the connection at this place. `stall` says no more. */
  readonly how: 'hang up' | 'stall'
  /** The server gets the mail, and only its last answer is lost. */
  readonly isMailTaken?: boolean
}

/** A relay to the mail server of this port that breaks each session at a place after MAIL. */
export async function startBreaker(to: number, { answers, how, isMailTaken = false }: Break) {
  const open = new Set<net.Socket>()
  const relay = net.createServer((client) => {
    const server = net.connect(to, '127.0.0.1')
    for (const socket of [client, server]) {
      open.add(socket)
      socket.on('error', () => {})
    }
    let hasBegun = false
    let left = answers
    const broken = (): void => {
      if (how === 'hang up') client.end(() => client.destroy())
      server.destroy()
    }
    client.on('data', (chunk: Buffer) => {
      hasBegun ||= /^MAIL FROM/im.test(chunk.toString())
      if (hasBegun && left === 0 && !isMailTaken) broken()
      else if (!server.destroyed) server.write(chunk)
    })
    server.on('data', (chunk: Buffer) => {
      if (!hasBegun) return void client.write(chunk)
      for (const answer of chunk.toString().match(/[^\n]*\n/g) ?? []) {
        if (left === 0) return broken()
        client.write(answer)
        left -= 1
        if (left === 0 && how === 'hang up' && !answer.startsWith('354')) return broken()
      }
    })
    client.on('close', () => server.destroy())
  })
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  const address = relay.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise<void>((resolve) => relay.close(() => resolve()))
    },
  }
}
