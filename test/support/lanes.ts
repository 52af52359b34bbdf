import type { AppContext } from '../../src/app/context.ts'
import { contextWith } from '../../src/app/create.ts'
import { lanesOf, ReceiverError } from '../../src/delivery/index.ts'
import type { Receiver } from '../../src/delivery/receiver.ts'
import { wecom } from '../../src/delivery/wecom/index.ts'
import { createMemoryStore, type Store } from '../../src/store/index.ts'

const unused = wecom.parse(
  new URL('wecom+http://127.0.0.1:1/cgi-bin/webhook/send?key=unused'),
  (detail) => new ReceiverError(detail),
)

/** The context with a store of its own, whose messages go to these receivers, by their kinds. */
export function toldTo(
  receivers: readonly Receiver[],
  context: Omit<AppContext, 'lanes' | 'store'>,
  store: Store = createMemoryStore({ clock: context.clock }),
): AppContext {
  if (!unused) throw new Error('no address')
  const named = receivers.map((receiver, i) => ({ name: `${receiver.kind}-${i + 1}`, receiver }))
  const config = {
    ...context.config,
    receivers: named.map(({ name }) => ({
      name,
      address: unused,
      mentions: [],
      language: null,
    })),
  }
  return contextWith({ ...context, config, store }, (options) => lanesOf(named, options))
}
