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
import { createRest } from '../rest.ts'
import { TEXTS } from '../texts.ts'
import { sendTicket } from '../tickets.ts'
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
      base: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
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

/** Bugs of TAPD. It searches before it makes a second one, so a repeat does no harm. */
export function createTapdReceiver(receiver: TapdAddress, { post, now }: Means): Receiver {
  const { base, user, password, workspace, isGuarded } = receiver
  return {
    kind: 'tapd',
    label: receiver.label,
    idempotent: true,
    keepsEach: true,
    // 60 requests a minute (delivery facts 4). A message is four at most.
    windows: [{ most: 14, perMs: 60_000 }],
    send(delivery, signal) {
      const headers = { authorization: basicOf({ user, password }), accept: 'application/json' }
      const rest = createRest({ base, headers, isGuarded }, post, now, signal)
      return sendTicket(delivery, createTapdTracker(rest, workspace), now)
    },
  }
}
