import type { Secret } from '../../model/secret.ts'
import { type Address, basicOf, identityOf, type Means, type ReceiverKind } from '../address.ts'
import type { Receiver } from '../receiver.ts'
import { createTicketReceiver } from '../rest.ts'
import { type TicketForm, ticketAddressIn } from '../ticket-address.ts'
import { createTapdTracker, type TapdWorkspace } from './tracker.ts'

const FORM: TicketForm = {
  kind: 'tapd',
  parameter: 'workspace',
  pattern: /^\d{1,20}$/,
  form: 'tapd+https://user:password@api.tapd.cn/?workspace=123',
}

interface TapdAddress extends Address {
  readonly kind: 'tapd'
  readonly base: string
  readonly user: string
  readonly password: Secret
  readonly workspace: TapdWorkspace
}

export const tapd = {
  parse(given, fail): TapdAddress | null {
    const found = ticketAddressIn(given, FORM, fail)
    if (!found) return null
    const { label, base, user, password, place, query } = found
    const address: TapdAddress = {
      kind: 'tapd',
      label,
      identity: identityOf('tapd', base, place),
      limit: identityOf('tapd', base, user),
      base,
      user,
      password,
      workspace: {
        id: place,
        author: user,
        done: query.get('done') || 'closed',
        reopen: query.get('reopen') || 'reopened',
      },
      connect: (means) => createTapdReceiver(address, means),
    }
    return address
  },
} satisfies ReceiverKind

/** Bugs of TAPD. */
export function createTapdReceiver(receiver: TapdAddress, means: Means): Receiver {
  const { user, password, workspace } = receiver
  return createTicketReceiver(
    {
      ...receiver,
      // 60 requests a minute (delivery facts 4). A message is four at most.
      windows: [{ most: 14, perMs: 60_000 }],
      headers: () => ({ authorization: basicOf({ user, password }), accept: 'application/json' }),
      trackerOf: (rest) => createTapdTracker(rest, workspace),
    },
    means,
  )
}
