import type { Draft } from '../../checks/index.ts'
import { groupBy } from '../../model/group-by.ts'
import type { AuditEvent } from '../../model/snapshot.ts'
import { operationsOn, type Paths } from '../../path/index.ts'
import { listed, t } from '../../text/index.ts'
import { askedFirst } from './asked-first.ts'
import { momentFor, type Wording } from './moment.ts'
import { TEXTS } from './texts.ts'

// The state of a machine, an interface or a listener is what its last operation made it. The log says who that was, so
// that this person is asked before somebody puts it back.

type Off = keyof typeof TEXTS.doneBy

interface Operations {
  readonly off: readonly Off[]
  /** Operations after which an earlier one of `off` no longer counts. */
  readonly on: readonly string[]
}

const CVM: Operations = {
  off: ['StopInstances', 'TerminateInstances'],
  on: ['StartInstances', 'RebootInstances', 'ResetInstance'],
}
const SERVING: Operations = { off: ['SetLoadBalancerStartStatus'], on: [] }

/** By the code of the finding and the type of its resource. */
const OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operations>>>> = {
  'instance-state/not-running': { cvm: CVM },
  'instance-state/not-found': { cvm: CVM },
  'instance-state/eni-detached': { eni: { off: ['DetachNetworkInterface'], on: ['AttachNetworkInterface'] } },
  'load-balancer-state/stopped': { clb: SERVING },
  'load-balancer-state/listener-stopped': { listener: SERVING },
}

interface Done {
  readonly id: string
  readonly operation: AuditEvent
  readonly off: Off
}

/** A machine that was terminated cannot be put back, so nobody has to be asked. */
const FINAL: readonly Off[] = ['TerminateInstances']

/** Who made the things of a finding what they are, a sentence for each person and minute. */
export function doneBy(
  { code, resources }: Pick<Draft, 'code' | 'resources'>,
  { snapshot }: Paths,
  wording: Wording,
): readonly string[] {
  const own = Object.hasOwn(OPERATIONS, code) ? OPERATIONS[code] : undefined
  if (!own) return []
  const done = resources.flatMap(({ type, id }) => {
    const operations = Object.hasOwn(own, type) ? own[type] : undefined
    const last = operations && lastOf(operations, operationsOn(snapshot, id))
    return last ? [{ id, ...last }] : []
  })
  // What one person did within a minute is one sentence.
  const alike = groupBy(done, ({ off, operation: { actor, at } }) =>
    [off, actor, momentFor(at, wording)].join('/'),
  )
  return [...alike.values()].flatMap(([first, ...others]) =>
    first ? sentenceOn([first, ...others], wording) : [],
  )
}

/** The last operation on the state of a thing, if that is what took it out. */
function lastOf({ off, on }: Operations, operations: readonly AuditEvent[]): Omit<Done, 'id'> | null {
  const all = operations.filter(({ event }) => [...off, ...on].includes(event))
  const operation = all.at(-1)
  const which = off.find((one) => one === operation?.event)
  // Of two operations in one second it is not known which came first.
  const isTied = all.some(({ at, event }) => at === operation?.at && event !== operation.event)
  return operation && which && !isTied ? { operation, off: which } : null
}

const MOST_NAMED = 10

function sentenceOn(done: readonly [Done, ...(readonly Done[])], wording: Wording): string {
  const [
    {
      off,
      operation: { actor, at },
    },
  ] = done
  const { language } = wording
  const list = listed(
    done.map(({ id }) => id),
    language,
    MOST_NAMED,
  )
  const ask = FINAL.includes(off) ? '' : askedFirst([actor === null ? {} : { actor }], language)
  const who = actor ?? TEXTS.somebody[language]
  return t(TEXTS.doneBy[off], { who, list, time: momentFor(at, wording), ask }, language)
}
