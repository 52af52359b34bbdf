import net from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { describe, expect, it } from 'vitest'
import { parseReceiverAddresses } from '../../src/delivery/index.ts'
import { createSmtpReceiver } from '../../src/delivery/smtp/index.ts'
import { type Break, startBreaker, startMailServer } from '../support/receivers/smtp.ts'
import { type Behaviour, delivery, everyReceiver, mutePort } from './contract.ts'
import { blocked } from './diagnoses.ts'

const USER = 'planted-user-11'
const PASSWORD = 'pl@nted:pass/22'

const LOGIN = `${encodeURIComponent(USER)}:${encodeURIComponent(PASSWORD)}`

function connected(address: string) {
  const [receiver] = parseReceiverAddresses(address)
  if (receiver?.kind !== 'smtp') throw new Error('not a mail receiver')
  return createSmtpReceiver(receiver)
}

const receiverAt = (port: number, login: string | null = LOGIN) =>
  connected(
    `smtp://${login === null ? '' : `${login}@`}127.0.0.1:${port}/?from=clb@example.com&to=oncall@example.com,second@example.com`,
  )

const portOf = (server: net.Server): number => {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** A real SMTP server, or a bare socket for what a real server does not do. */
async function rig(behaviour: Behaviour) {
  const received: string[] = []
  if (behaviour === 'never greets') {
    const { port, close } = await mutePort()
    return { receiver: receiverAt(port), received, close }
  }
  if (
    behaviour === 'resets during its answer' ||
    behaviour === 'never answers' ||
    behaviour === 'is unreachable'
  ) {
    const server = net.createServer((socket) => {
      socket.on('error', () => {})
      socket.write('220 here\r\n')
      socket.on('data', (data) => {
        const line = data.toString()
        if (/^EHLO/.test(line)) socket.write('250-here\r\n250 AUTH PLAIN\r\n')
        else if (/^AUTH/.test(line)) socket.write('235 ok\r\n')
        else if (/^(MAIL|RCPT)/.test(line)) socket.write('250 ok\r\n')
        else if (/^DATA/.test(line)) socket.write('354 go\r\n')
        else if (/\r\n\.\r\n$/.test(line) && behaviour === 'resets during its answer')
          socket.resetAndDestroy()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const receiver = receiverAt(portOf(server))
    if (behaviour === 'is unreachable') await new Promise((resolve) => server.close(resolve))
    return { receiver, received, close: async () => void server.close() }
  }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, callback) =>
      username === USER && password === PASSWORD
        ? callback(null, { user: username })
        : callback(new Error('no')),
    onRcptTo: (_address, _session, callback) => {
      if (behaviour === 'refuses permanently')
        callback(Object.assign(new Error('no such user'), { responseCode: 550 }))
      else if (behaviour === 'asks for a later attempt')
        callback(Object.assign(new Error('greylisted'), { responseCode: 451 }))
      else callback()
    },
    onData: (stream, _session, callback) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        received.push(Buffer.concat(chunks).toString('utf8'))
        callback()
      })
    },
  })
  server.on('error', () => {})
  const listening = await new Promise<net.Server>((resolve) => {
    const bound = server.listen(0, '127.0.0.1', () => resolve(bound))
  })
  return {
    receiver: receiverAt(portOf(listening)),
    received,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

async function parsedRig(behaviour: Behaviour) {
  const own = await rig(behaviour)
  const texts: string[] = []
  return {
    ...own,
    receiver: {
      ...own.receiver,
      send: async (...args: Parameters<typeof own.receiver.send>) => {
        const outcome = await own.receiver.send(...args)
        for (const raw of own.received.slice(texts.length)) texts.push(String((await simpleParser(raw)).text))
        return outcome
      },
    },
    received: texts,
  }
}

everyReceiver({ name: 'e-mail', secrets: [USER, PASSWORD, encodeURIComponent(PASSWORD)], rig: parsedRig })

/** The outcome if the server speaks SMTP and closes the connection at one command. */
async function hangsUpAt(command: string) {
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    if (command === 'greeting') return void socket.destroy()
    socket.write('220 here\r\n')
    let body = false
    socket.on('data', (data) => {
      const line = data.toString()
      const verb = body ? 'body' : (/^[A-Z]+/.exec(line)?.[0] ?? '')
      if (body && !line.endsWith('\r\n.\r\n')) return
      if (verb === command) return void socket.destroy()
      body = verb === 'DATA'
      socket.write(
        { EHLO: '250-here\r\n250 AUTH PLAIN\r\n', AUTH: '235 ok\r\n', DATA: '354 go\r\n' }[verb] ??
          '250 ok\r\n',
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const outcome = await receiverAt(portOf(server)).send(delivery(), AbortSignal.timeout(3_000))
  server.close()
  return outcome
}

describe('e-mail', () => {
  it.each(['greeting', 'EHLO', 'AUTH', 'MAIL', 'RCPT'])(
    'is retried if the server closes the connection at %s, before a message starts',
    async (command) => {
      expect(await hangsUpAt(command)).toMatchObject({ kind: 'retry' })
    },
  )

  it('has an unknown outcome if the server closes the connection after a message starts', async () => {
    expect(await hangsUpAt('body')).toMatchObject({ kind: 'unknown' })
  })

  it('is delivered with a note of how many recipients were refused', async () => {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_auth, _session, callback) => callback(null, { user: 'u' }),
      onRcptTo: ({ address }, _session, callback) =>
        address.startsWith('second')
          ? callback(Object.assign(new Error('no such user'), { responseCode: 550 }))
          : callback(),
      onData: (stream, _session, callback) => stream.on('end', callback).resume(),
    })
    const listening = await new Promise<net.Server>((resolve) => {
      const bound = server.listen(0, '127.0.0.1', () => resolve(bound))
    })
    const outcome = await receiverAt(portOf(listening)).send(delivery(), AbortSignal.timeout(3_000))
    expect(outcome).toEqual({ kind: 'delivered', reason: '1 of 2 recipients refused (SMTP 550)' })
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })

  it.each(['hang up', 'stall'] as const)(
    'is retried or unknown by whether the mail could have left, with and without PIPELINING, at each place of a %s',
    async (how) => {
      // MAIL, two times RCPT, DATA.
      const places = [
        ...[0, 1, 2, 3].map((answers) => ({ answers, how, kind: 'retry' })),
        { answers: 4, how, kind: 'unknown' },
        { answers: 4, how, isMailTaken: true, kind: 'unknown' },
      ]
      for (const hidePIPELINING of [false, true])
        await Promise.all(
          places.map(async ({ kind, ...place }: Break & { readonly kind: string }) => {
            const server = await startMailServer({ hidePIPELINING })
            const relay = await startBreaker(server.port, place)
            const at = { hidePIPELINING, ...place }
            const outcome = await receiverAt(relay.port, null).send(delivery(), AbortSignal.timeout(700))
            expect({ ...at, kind: outcome.kind }).toEqual({ ...at, kind })
            expect(server.raw).toHaveLength(place.isMailTaken ? 1 : 0)
            await relay.close()
            await server.close()
          }),
        )
    },
  )

  it('has the same Message-ID in each attempt', async () => {
    const server = await startMailServer()
    const receiver = receiverAt(server.port, null)
    for (const attempt of [1, 2]) await receiver.send(delivery(attempt), AbortSignal.timeout(3_000))
    const ids = (await server.mails()).map(({ messageId }) => messageId)
    expect(ids).toEqual(Array.from({ length: 2 }, () => `<${delivery().id}@clb-doctor>`))
    await server.close()
  })

  it.each([
    [421, 'retry'],
    [450, 'retry'],
    [452, 'retry'],
    [503, 'retry'],
    [550, 'permanent'],
    [554, 'permanent'],
  ])('with the code %i for every recipient is %s, with and without PIPELINING', async (code, kind) => {
    for (const hidePIPELINING of [false, true]) {
      const server = await startMailServer({ hidePIPELINING, answerTo: () => code })
      const outcome = await receiverAt(server.port, null).send(delivery(), AbortSignal.timeout(3_000))
      expect(outcome).toMatchObject({ kind, reason: expect.stringContaining(`SMTP ${code}`) })
      await server.close()
    }
  })

  it('is retried if one recipient is refused for now and the other one for good', async () => {
    const server = await startMailServer({ answerTo: (to) => (to.startsWith('second') ? 550 : 451) })
    const outcome = await receiverAt(server.port, null).send(delivery(), AbortSignal.timeout(3_000))
    expect(outcome).toMatchObject({ kind: 'retry', reason: 'SMTP 451' })
    await server.close()
  })

  it('says so if the server takes no mail of this size', async () => {
    const server = await startMailServer({ size: 1_000 })
    const outcome = await receiverAt(server.port, null).send(delivery(), AbortSignal.timeout(3_000))
    expect(outcome).toEqual({
      kind: 'permanent',
      reason: 'SMTP 552: the server takes no mail of this size',
    })
    await server.close()
  })

  async function mailed(diagnosis = blocked()) {
    const own = await rig('accepts')
    expect(
      await own.receiver.send({ ...delivery(), message: diagnosis }, AbortSignal.timeout(5_000)),
    ).toEqual({
      kind: 'delivered',
    })
    await own.close()
    return simpleParser(own.received[0] ?? '')
  }

  it('has the command in its text, the cause in its HTML, and correct Chinese', async () => {
    const mail = await mailed()
    expect(mail.subject).toMatch(/^\[clb-doctor\] 2\/3 后端异常 shop-front：安全组 sg-closed /)
    expect(mail.text).toContain('2/3 后端异常')
    expect(mail.text).toContain('tccli vpc CreateSecurityGroupPolicies')
    expect(mail.html).toContain('<html lang="zh-CN">')
    expect(mail.html).toContain('sg-closed')
    expect(mail.from?.text).toBe('clb@example.com')
  })

  it('is marked as auto-generated, so no holiday reply comes, and all mails of a CLB form one thread', async () => {
    const [first, second] = [await mailed(), await mailed(blocked('en'))]
    for (const mail of [first, second]) {
      expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
      expect(mail.inReplyTo).toMatch(/^<clb-doctor-[0-9a-f]{16}@clb-doctor>$/)
      expect([mail.references].flat()).toEqual([mail.inReplyTo])
    }
    expect(first.inReplyTo).toBe(second.inReplyTo)
  })

  it('does not let the name of a CLB add a header', async () => {
    const evil = blocked()
    const clb = evil.loadBalancer
    if (!clb) throw new Error('no CLB')
    const name = 'shop\r\nBcc: thief@example.com\r\n\r\nhello'
    const mail = await mailed({ ...evil, loadBalancer: { ...clb, name } })
    expect(mail.bcc).toBeUndefined()
    expect(mail.headers.has('bcc')).toBe(false)
  })
})
