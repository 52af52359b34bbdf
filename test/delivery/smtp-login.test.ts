import type { SMTPServerOptions } from 'smtp-server'
import { describe, expect, it } from 'vitest'
import { startMailServer } from '../support/receivers/smtp.ts'
import { delivery } from './contract.ts'
import { receiverOf } from './http-contract.ts'

const PASSWORD = 'pl@nted:pass/22'

const STARTTLS: SMTPServerOptions = { disabledCommands: [] }
/** Connects to this machine, and is not loopback by its form. */
const ELSEWHERE = '0.0.0.0'

describe('the login and the encryption of e-mail', () => {
  const sent = async (
    options: SMTPServerOptions,
    { host = '127.0.0.1', login = `user:${PASSWORD}` } = {},
  ) => {
    const server = await startMailServer(options)
    const scheme = options.secure ? 'smtps' : 'smtp'
    const [user, ...rest] = login.split(':')
    const before = login ? `${user}:${encodeURIComponent(rest.join(':'))}@` : ''
    const receiver = receiverOf(
      `${scheme}://${before}${host}:${server.port}/?from=a@example.com&to=b@example.com`,
    )
    const outcome = await receiver.send(delivery(), AbortSignal.timeout(3_000))
    await server.close()
    return { outcome, mails: server.raw.length }
  }
  const answering = (responseCode: number, words: string): Error =>
    Object.assign(new Error(words), { responseCode })

  it('use STARTTLS wherever it is offered, also on loopback, where a self-signed certificate is accepted', async () => {
    const secured: boolean[] = []
    const { outcome } = await sent({
      ...STARTTLS,
      allowInsecureAuth: false,
      authOptional: false,
      onAuth: ({ username, password }, { secure }, callback) => {
        secured.push(secure)
        if (username === 'user' && password === PASSWORD) callback(null, { user: 'user' })
        else callback(new Error('no'))
      },
    })
    expect(outcome).toEqual({ kind: 'delivered' })
    expect(secured).toEqual([true])
    expect(await sent({ secure: true }, { login: '' })).toMatchObject({ outcome: { kind: 'delivered' } })
  })

  it.each([
    ['implicit TLS', { secure: true }],
    ['STARTTLS', STARTTLS],
  ])('check the certificate on other hosts, with %s, and send nothing', async (_, options) => {
    const { outcome, mails } = await sent(options, { host: ELSEWHERE, login: '' })
    expect(outcome).toMatchObject({
      kind: 'retry',
      reason: expect.stringMatching(/^TLS: .*(certificate|altnames)/),
    })
    expect(mails).toBe(0)
  })

  it('never send to another host without TLS', async () => {
    const { outcome, mails } = await sent({ disabledCommands: ['STARTTLS'] }, { host: ELSEWHERE, login: '' })
    expect(outcome).toMatchObject({
      kind: 'permanent',
      reason: expect.stringContaining('offers no STARTTLS on this port; write smtps://'),
    })
    expect(mails).toBe(0)
  })

  it.each([
    ['no login', '', { authOptional: false }, 'SMTP 530: the server wants a login; write user:password@'],
    [
      'a wrong login',
      'user:wrong',
      { onAuth: (_auth, _session, callback) => callback(answering(535, 'echo pl@nted:pass/22')) },
      'SMTP 535: the server refuses the user or the password; percent-encode',
    ],
    [
      'no TLS where the server wants it',
      '',
      {
        onMailFrom: (_from, _session, callback) => callback(answering(530, 'Must issue a STARTTLS command')),
      },
      'SMTP 530: the server wants TLS but offers no STARTTLS on this port; write smtps://',
    ],
    [
      'no login at a server that says it with 553',
      '',
      { onMailFrom: (_from, _session, callback) => callback(answering(553, 'authentication is required')) },
      'SMTP 553: the server wants a login',
    ],
    [
      'a sender that is not the one of the login',
      `user:${PASSWORD}`,
      {
        onAuth: (_auth, _session, callback) => callback(null, { user: 'user' }),
        onMailFrom: (_from, _session, callback) => callback(answering(501, 'mail from must equal user')),
      },
      'SMTP 501: the server refuses the sender',
    ],
  ] satisfies [string, string, SMTPServerOptions, string][])(
    'say what to change after %s',
    async (_, login, options, reason) => {
      const { outcome } = await sent(options, { login })
      expect(outcome).toMatchObject({ kind: 'permanent', reason: expect.stringContaining(reason) })
      expect(JSON.stringify(outcome)).not.toContain(PASSWORD)
    },
  )
})
