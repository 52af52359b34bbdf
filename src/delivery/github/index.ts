import { Secret } from '../../model/secret.ts'
import { filled } from '../../text/index.ts'
import { type Address, type Means, type ReceiverKind, webAddress } from '../address.ts'
import type { Receiver } from '../receiver.ts'
import { createRest } from '../rest.ts'
import { TEXTS } from '../texts.ts'
import { sendTicket } from '../tickets.ts'
import { createGithubTracker } from './tracker.ts'

const FORM = 'github+https://token@api.github.com/repos/owner/repo'
const REPOSITORY = /\/repos\/[\w.-]+\/[\w.-]+$/

interface GithubAddress extends Address {
  readonly kind: 'github'
  /** With the path of the repository. */
  readonly base: string
  readonly token: Secret
  readonly isGuarded: boolean
}

export const github = {
  parse(given, fail, { allowPrivate }): GithubAddress | null {
    // Without the rest of the address the token stands in the place of the host.
    if (/^github\+https?:$/.test(given.protocol) && given.username === '')
      throw fail(filled(TEXTS.wrong.ticket, { where: 'github', form: FORM }))
    const url = webAddress(given, 'github', fail)
    if (!url) return null
    const path = url.pathname.replace(/\/+$/, '')
    const isLogin = /^[A-Za-z0-9_]+$/.test(url.username) && url.password === ''
    if (!isLogin || !REPOSITORY.test(path))
      throw fail(filled(TEXTS.wrong.ticket, { where: `github ${url.hostname}`, form: FORM }))
    const address: GithubAddress = {
      kind: 'github',
      label: `github ${url.host}`,
      base: `${url.origin}${path}`,
      token: new Secret(url.username),
      isGuarded: !allowPrivate,
      connect: (means) => createGithubReceiver(address, means),
    }
    return address
  },
} satisfies ReceiverKind

/** Issues of one repository on GitHub. It searches before it makes a second one, so a repeat does no harm. */
export function createGithubReceiver(receiver: GithubAddress, { post, now }: Means): Receiver {
  const { base, token, isGuarded } = receiver
  return {
    kind: 'github',
    label: receiver.label,
    idempotent: true,
    keepsEach: true,
    // 80 new contents a minute, about 500 an hour (delivery facts 4).
    windows: [
      { most: 60, perMs: 60_000 },
      { most: 400, perMs: 3_600_000 },
    ],
    send(delivery, signal) {
      const headers = {
        authorization: `Bearer ${token.reveal()}`,
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        'user-agent': 'clb-doctor',
      }
      const rest = createRest({ base, headers, isGuarded }, post, now, signal)
      return sendTicket(delivery, createGithubTracker(rest), now)
    },
  }
}
