import { Secret } from '../../model/secret.ts'
import { filled } from '../../text/index.ts'
import { type Address, identityOf, type Means, type ReceiverKind, webAddress } from '../address.ts'
import type { Receiver } from '../receiver.ts'
import { baseOf, createTicketReceiver } from '../rest.ts'
import { TEXTS } from '../texts.ts'
import { createGithubTracker } from './tracker.ts'

const FORM = 'github+https://token@api.github.com/repos/owner/repo'
const REPOSITORY = /\/repos\/[\w.-]+\/[\w.-]+$/

interface GithubAddress extends Address {
  readonly kind: 'github'
  /** With the path of the repository. */
  readonly base: string
  readonly token: Secret
}

export const github = {
  parse(given, fail): GithubAddress | null {
    // Without the rest of the address the token stands in the place of the host.
    if (/^github\+https?:$/.test(given.protocol) && given.username === '')
      throw fail(filled(TEXTS.wrong.ticket, { where: 'github', form: FORM }))
    const url = webAddress(given, 'github', fail)
    if (!url) return null
    const base = baseOf(url)
    const isLogin = /^[A-Za-z0-9_]+$/.test(url.username) && url.password === ''
    if (!isLogin || !REPOSITORY.test(base))
      throw fail(filled(TEXTS.wrong.ticket, { where: `github ${url.hostname}`, form: FORM }))
    const address: GithubAddress = {
      kind: 'github',
      label: `github ${url.host}`,
      // Names of repositories have no case.
      identity: identityOf('github', base.toLowerCase()),
      // Whose token it is cannot be seen.
      limit: identityOf('github', url.origin, url.username),
      base,
      token: new Secret(url.username),
      connect: (means) => createGithubReceiver(address, means),
    }
    return address
  },
} satisfies ReceiverKind

/** Issues of one repository on GitHub. */
export function createGithubReceiver(receiver: GithubAddress, means: Means): Receiver {
  const { token, base } = receiver
  return createTicketReceiver(
    {
      ...receiver,
      // 80 new contents a minute, about 500 an hour (delivery facts 4).
      windows: [
        { most: 60, perMs: 60_000 },
        { most: 400, perMs: 3_600_000 },
      ],
      headers: () => ({
        authorization: `Bearer ${token.reveal()}`,
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        'user-agent': 'clb-doctor',
      }),
      trackerOf: (rest) => createGithubTracker(rest, base.split('/').slice(-2).join('/')),
    },
    means,
  )
}
