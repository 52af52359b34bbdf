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
import { createTapdTracker, type TapdWorkspace } from './tracker.ts'

const FORM = 'tapd+https://user:password@api.tapd.cn/?workspace=123'

interface TapdAddress extends Address {
  readonly kind: 'tapd'
  readonly base: string
  readonly user: string
  readonly password: Secret
  readonly workspace: TapdWorkspace
  readonly isGuarded: boolean
}

export const tapd = {
  parse(given, fail, { allowPrivate }): TapdAddress | null {
    const url = webAddress(given, 'tapd', fail)
    if (!url) return null
    const where = `tapd ${url.hostname}`
    const login = loginIn(url, where, fail)
    const query = queryOf(url)
    const id = query.get('workspace') ?? ''
    if (login === null || !/^\d{1,20}$/.test(id))
      throw fail(filled(TEXTS.wrong.ticket, { where, form: FORM }))
    const address: TapdAddress = {
      kind: 'tapd',
      label: `tapd ${url.host}`,
      base: baseOf(url),
      user: login.user,
      password: login.password,
      workspace: {
        id,
        author: login.user,
        done: query.get('done') || 'closed',
        reopen: query.get('reopen') || 'reopened',
      },
      isGuarded: !allowPrivate,
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
