import type { Secret } from '../../model/secret.ts'
import { filled } from '../../text/index.ts'
import {
  type Address,
  basicOf,
  loginIn,
  type Means,
  queryOf,
  type ReceiverKind,
  webAddress,
} from '../address.ts'
import type { Receiver } from '../receiver.ts'
import { baseOf, createTicketReceiver } from '../rest.ts'
import { TEXTS } from '../texts.ts'
import { createJiraTracker, type JiraProject } from './tracker.ts'

const FORM = 'jira+https://user:token@site.atlassian.net/?project=OPS'
const PROJECT = /^[A-Za-z][A-Za-z0-9_]{0,79}$/

interface JiraAddress extends Address {
  readonly kind: 'jira'
  readonly base: string
  readonly user: string
  readonly token: Secret
  readonly project: JiraProject
  readonly isGuarded: boolean
}

export const jira = {
  parse(given, fail, { allowPrivate }): JiraAddress | null {
    const url = webAddress(given, 'jira', fail)
    if (!url) return null
    const where = `jira ${url.hostname}`
    const login = loginIn(url, where, fail)
    const query = queryOf(url)
    const key = query.get('project') ?? ''
    if (login === null || !PROJECT.test(key)) throw fail(filled(TEXTS.wrong.ticket, { where, form: FORM }))
    const address: JiraAddress = {
      kind: 'jira',
      label: `jira ${url.host}`,
      base: baseOf(url),
      user: login.user,
      token: login.password,
      project: {
        key,
        type: query.get('type') || 'Task',
        done: query.get('done') || null,
        reopen: query.get('reopen') || null,
      },
      isGuarded: !allowPrivate,
      connect: (means) => createJiraReceiver(address, means),
    }
    return address
  },
} satisfies ReceiverKind

/** Issues of Jira Cloud, over its API v3. */
export function createJiraReceiver(receiver: JiraAddress, means: Means): Receiver {
  const { user, token, project } = receiver
  const authorization = (): string => basicOf({ user, password: token })
  return createTicketReceiver(
    {
      ...receiver,
      // A message is four requests at most. Jira limits bursts, and 20 changes of one issue in 2 seconds.
      windows: [
        { most: 4, perMs: 1_000 },
        { most: 60, perMs: 60_000 },
      ],
      headers: () => ({ authorization: authorization(), accept: 'application/json' }),
      trackerOf: (rest) =>
        createJiraTracker(rest, project, [token.reveal(), authorization().slice('Basic '.length)]),
    },
    means,
  )
}
