import type { Secret } from '../../model/secret.ts'
import { type Address, basicOf, identityOf, type Means, type ReceiverKind } from '../address.ts'
import type { Receiver } from '../receiver.ts'
import { createTicketReceiver } from '../rest.ts'
import { type TicketForm, ticketAddressIn } from '../ticket-address.ts'
import { createJiraTracker, type JiraProject } from './tracker.ts'

const FORM: TicketForm = {
  kind: 'jira',
  parameter: 'project',
  pattern: /^[A-Za-z][A-Za-z0-9_]{0,79}$/,
  form: 'jira+https://user:token@site.atlassian.net/?project=OPS',
}

interface JiraAddress extends Address {
  readonly kind: 'jira'
  readonly base: string
  readonly user: string
  readonly token: Secret
  readonly project: JiraProject
}

export const jira = {
  parse(given, fail): JiraAddress | null {
    const found = ticketAddressIn(given, FORM, fail)
    if (!found) return null
    const { label, base, user, password, place, query } = found
    const address: JiraAddress = {
      kind: 'jira',
      label,
      identity: identityOf('jira', base, place.toUpperCase()),
      variant: query.get('type') || 'Task',
      limit: identityOf('jira', base, user),
      base,
      user,
      token: password,
      project: {
        key: place,
        type: query.get('type') || 'Task',
        done: query.get('done') || null,
        reopen: query.get('reopen') || null,
      },
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
