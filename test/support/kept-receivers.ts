import { recordKey, written } from '../../src/app/incidents/records.ts'
import { knowReceivers } from '../../src/app/known-receivers/index.ts'
import { namedByPlace } from '../../src/app/receivers.ts'
import { parseReceiverAddresses, waiting } from '../../src/delivery/index.ts'
import type { Incident } from '../../src/incidents/index.ts'
import type { Clock } from '../../src/model/clock.ts'
import type { Put, Store } from '../../src/store/index.ts'
import { logged } from '../http/support.ts'
import { incidentOf, partOf, recordsOf } from './incident-records.ts'

// What a store keeps of receivers. Each address is a letter, and everything that belongs to it has the letter in it.

export const AT = 1_700_000_000_000

/** Receivers by the place in CLB_DOCTOR_SINKS: `ab` are wecom-1 with address a and wecom-2 with address b. */
export const receiversOf = (letters: string) =>
  namedByPlace(
    parseReceiverAddresses(
      [...letters].map((letter) => `wecom+http://127.0.0.1:9/send?key=key-${letter}`).join(' '),
    ),
  )

/** Receivers by the names of clb-doctor.json: `{ oncall: 'a' }`. */
export const receiversNamed = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).flatMap(([name, letter]) => receiversOf(letter).map((one) => ({ ...one, name })))

export type Receivers = ReturnType<typeof receiversOf>

export const lettersOf = (receivers: Receivers): readonly string[] =>
  receivers.map(({ address }) => /key-(\w)/.exec(address.identity.reveal())?.[1] ?? '')

/** A process with these receivers starts. Returns its log. */
export async function startWith(
  receivers: Receivers,
  store: Store,
  clock: Clock,
  patienceMs = 1_000,
): Promise<readonly string[]> {
  const { log, lines } = logged()
  await knowReceivers({ receivers, redis: null }, { store, clock, log, patienceMs })
  return lines
}

const told = (about: string) => ({ about, news: ['first'], rank: 0, takenAt: AT, deadline: AT + 1 })
const delivery = { reason: 'first', outcome: 'delivered', at: new Date(AT).toISOString() } as const

/** An incident of which every receiver heard, and whose fields name every receiver. */
export function incidentToldTo(id: string, receivers: Receivers, fields: Partial<Incident> = {}): Incident {
  const names = receivers.map(({ name }) => name)
  const told = { at: AT, state: 'sick', attention: 'watch', dead: 1, deadTargets: 1, unread: [] } as const
  const known = { clbs: [], emptyPools: [], cause: null, well: [], disputed: [] }
  const letters = lettersOf(receivers)
  return incidentOf(id, AT, {
    deliveries: receivers.map(({ name }, i) => ({ ...delivery, receiver: name, why: letters[i] ?? '' })),
    parts: [{ ...partOf(`lb-${id}`, `dx-${id}`, AT), untold: names, heardBefore: names }],
    latecomers: receivers.map(({ name }, i) => ({
      receiver: name,
      told: { ...told, ...known, cause: letters[i] ?? '' },
    })),
    endOwed: names,
    heardBefore: names,
    ...fields,
  })
}

/** What `entries` times waits for each receiver, what it was told, and what is known of it. */
export function keptOf(receivers: Receivers, entries = 3): readonly Put[] {
  const letters = lettersOf(receivers)
  return [
    ...recordsOf(incidentToldTo('in-open', receivers)).filter(
      ({ collection }) => collection !== 'references',
    ),
    ...recordsOf(incidentToldTo('in-closed', receivers, { closedAt: AT })),
    ...receivers.flatMap(({ name }, i) => {
      const letter = letters[i] ?? ''
      return [
        ...Array.from({ length: entries }, (_, n) =>
          waiting(name, `${letter}-${n}`, told('in-open'), AT + n),
        ),
        { collection: 'lanes', id: name, value: laneOf(letter), at: AT },
        written('references', `${name} in-open`, { reference: letter }, AT),
        written('refusals', name, { at: letter.charCodeAt(0) }, AT),
      ]
    }),
  ]
}

const laneOf = (letter: string): string =>
  JSON.stringify({ sentAt: [letter.charCodeAt(0)], away: null, heldUntil: 0 })

/** Whose things stand under each name: one letter if all of them have it. */
export async function ownersIn(store: Store, names: readonly string[]): Promise<Record<string, string>> {
  const [open] = await store.read([recordKey('incidents', 'in-open')])
  const incident = JSON.parse(open?.value ?? '{}') as Incident
  const owners: Record<string, string> = {}
  for (const name of names) {
    const entries = await store.list(`outbox:${name}`, { limit: 5_000 })
    const keys = [
      { collection: 'lanes', id: name },
      { collection: 'references', id: `${name} in-open` },
      { collection: 'refusals', id: name },
    ]
    const [lane, reference, refusal] = (await store.read(keys)).map((one) => JSON.parse(one?.value ?? '{}'))
    const letter = (code: number | undefined): string => (code === undefined ? '' : String.fromCharCode(code))
    const own = <T extends { readonly receiver: string }>(all: readonly T[] = []): readonly T[] =>
      all.filter(({ receiver }) => receiver === name)
    const unique = (letters: readonly string[]): string => [...new Set(letters)].toSorted().join('')
    const found = [
      unique(entries.map(({ id }) => id.slice(0, 1))),
      letter(lane.sentAt?.[0]),
      reference.reference ?? '',
      letter(refusal.at),
      unique(own(incident.deliveries).map(({ why }) => why ?? '')),
      unique(own(incident.latecomers).map((one) => one.told.cause ?? '')),
    ]
    owners[name] = new Set(found).size === 1 ? (found[0] ?? '') : found.join(' | ')
  }
  return owners
}

/** The names in the fields of an incident that have nothing but names. */
export const listsOf = ({ endOwed, heardBefore, parts }: Incident): readonly (readonly string[])[] => [
  endOwed ?? [],
  heardBefore ?? [],
  ...parts.flatMap((part) => [part.untold ?? [], part.heardBefore ?? []]),
]

/** Everything that is kept, for comparing two stores. */
export async function dumpOf(store: Store, names: readonly string[]): Promise<Record<string, string[]>> {
  const collections = [
    'incidents',
    'lanes',
    'references',
    'refusals',
    ...names.map((name) => `outbox:${name}`),
  ]
  const dump: Record<string, string[]> = {}
  for (const collection of collections)
    dump[collection] = (await store.list(collection, { limit: 5_000 })).map(
      ({ id, at, value }) => `${id} ${at} ${value}`,
    )
  return dump
}
