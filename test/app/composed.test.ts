import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { postMessage } from '../../src/app/incidents/post.ts'
import { readOne, written } from '../../src/app/incidents/records.ts'
import { outboxOf, waiting } from '../../src/delivery/index.ts'
import type { Receiver, Window } from '../../src/delivery/receiver.ts'
import type { IncidentState, News } from '../../src/model/incident.ts'
import { silentLog } from '../../src/model/log.ts'
import { isNotice, type Message } from '../../src/model/message.ts'
import { createMemoryStore } from '../../src/store/index.ts'
import { blocked } from '../delivery/diagnoses.ts'
import { incidentOf } from '../support/incident-records.ts'
import { toldTo } from '../support/lanes.ts'

// What one receiver is told of the things that wait for it, through the real lanes.

const BEGIN = Date.parse('2026-11-20T00:00:00Z')

interface Waiting {
  readonly state: IncidentState
  readonly news: readonly News[]
}

/** These incidents wait for one receiver together, and perhaps a note to the operator. */
async function stageOf(
  incidents: readonly Waiting[],
  {
    isNoted = false,
    windows = [] as readonly Window[],
    namesIn = undefined as Receiver['namesIn'],
    isLost = false,
  } = {},
) {
  let now = BEGIN
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms
    },
  }
  const env = { TENCENTCLOUD_SECRETID: 'id', TENCENTCLOUD_SECRETKEY: 'key', CLB_DOCTOR_LANG: 'en' }
  const base = createContext(loadConfig(env), silentLog)
  const sent: Message[] = []
  const marked: boolean[] = []
  const receiver: Receiver = {
    kind: 'chat',
    label: 'chat',
    idempotent: false,
    windows,
    ...(namesIn ? { namesIn } : {}),
    async send({ message, mayRepeat }) {
      sent.push(message)
      marked.push(mayRepeat)
      return isLost && sent.length === 1 ? { kind: 'unknown', reason: 'ECONNRESET' } : { kind: 'delivered' }
    },
  }
  const store = createMemoryStore({ clock })
  const context = toldTo([receiver], { ...base, clock, canWait: true }, store)
  const set = (i: number, state: IncidentState) => {
    const id = `in-${i}`
    const incident = incidentOf(id, BEGIN, { state, deliveries: [] })
    return store.write({ put: [written('incidents', id, incident, BEGIN)] })
  }
  for (const [i, { state, news }] of incidents.entries()) {
    await set(i, state)
    const about = { about: `in-${i}`, rank: 1, takenAt: BEGIN, deadline: BEGIN + 180_000 }
    await store.write({
      put: [
        written('diagnoses', `dx-in-${i}`, { byLanguage: { en: blocked() }, causes: {} }, BEGIN),
        ...news.map((one) => waiting('chat-1', `in-${i}:${one}`, { ...about, news: [one] }, BEGIN)),
      ],
    })
  }
  if (isNoted)
    await postMessage(
      {
        kind: 'note',
        id: 'on-1',
        createdAt: new Date(BEGIN).toISOString(),
        language: 'en',
        title: 'x',
        lines: [],
      },
      context,
    )
  return {
    sent,
    marked,
    set,
    run: () => context.lanes.runUntil(now + 40_000),
    left: () => store.count(outboxOf('chat-1')),
    deliveries: async (i: number) =>
      (await readOne(store, 'incidents', `in-${i}`)).value?.deliveries.map(({ reason, outcome }) => [
        reason,
        outcome,
      ]),
  }
}

const newsOf = (message: Message): readonly News[] => (isNotice(message) ? message.news : [])
const kindsOf = (sent: readonly Message[]): readonly string[] =>
  sent.map((message) => ('kind' in message ? message.kind : 'diagnosis')).toSorted()

describe('a recovery that waits for its receiver while the trouble comes back', () => {
  it('is not told: the message says that it is back', async () => {
    const stage = await stageOf([{ state: 'updated', news: ['recovered', 'reopened'] }])
    await stage.run()
    expect(stage.sent.map(newsOf)).toEqual([['reopened']])
    expect(await stage.deliveries(0)).toContainEqual(['reopened', 'delivered'])
    expect(await stage.deliveries(0)).not.toContainEqual(['recovered', 'delivered'])
  })

  it('waits for a recovery that stays, if the return itself is not told', async () => {
    const stage = await stageOf([{ state: 'updated', news: ['recovered'] }])
    await stage.run()
    expect(stage.sent).toEqual([])
    expect(await stage.left()).toBe(1)
    await stage.set(0, 'recovered')
    await stage.run()
    expect(stage.sent.map(newsOf)).toEqual([['recovered']])
    expect(await stage.left()).toBe(0)
  })

  it('is told as a recovery if it is over again', async () => {
    const stage = await stageOf([{ state: 'recovered', news: ['recovered', 'reopened'] }])
    await stage.run()
    expect(stage.sent.map(newsOf)).toEqual([['recovered', 'reopened']])
  })

  it('stands in a digest as what it is now', async () => {
    const stage = await stageOf(
      [
        { state: 'updated', news: ['recovered', 'reopened'] },
        { state: 'recovered', news: ['recovered'] },
      ],
      { windows: [{ most: 1, perMs: 60_000 }] },
    )
    await stage.run()
    const [digest] = stage.sent
    const notices = digest && 'notices' in digest ? digest.notices : []
    expect(notices.map((notice) => [notice.incident.id, notice.news])).toEqual([
      ['in-0', ['reopened']],
      ['in-1', ['recovered']],
    ])
  })
})

describe('a message that no incident holds, and incidents that wait with it', () => {
  it.each([1, 2, 3])('are all told where messages have a limit: %i incidents and a note', async (count) => {
    const incidents = Array.from({ length: count }, () => ({ state: 'open', news: ['first'] }) as const)
    const stage = await stageOf(incidents, { isNoted: true, windows: [{ most: 1, perMs: 10_000 }] })
    await stage.run()
    expect(kindsOf(stage.sent)).toEqual([count > 1 ? 'digest' : 'incident', 'note'])
    expect(await stage.left()).toBe(0)
    for (let i = 0; i < count; i++) expect(await stage.deliveries(i)).toEqual([['first', 'delivered']])
  })
})

describe('a digest of which the receiver names a part', () => {
  const windows = [{ most: 1, perMs: 1_000 }]
  const five = Array.from({ length: 5 }, () => ({ state: 'open', news: ['first'] }) as const)
  const abouts = (message: Message): readonly string[] =>
    'notices' in message
      ? message.notices.map(({ incident }) => incident.id)
      : isNotice(message)
        ? [message.incident.id]
        : []
  const naming =
    (most: number): Receiver['namesIn'] =>
    async ({ notices }) =>
      notices.slice(0, most).map(({ incident }) => incident.id)

  it('tells that part, and the others in the next messages', async () => {
    const stage = await stageOf(five, { windows, namesIn: naming(2) })
    await stage.run()
    expect(stage.sent.map(abouts)).toEqual([['in-0', 'in-1'], ['in-2', 'in-3'], ['in-4']])
    for (const i of five.keys()) expect(await stage.deliveries(i)).toEqual([['first', 'delivered']])
    expect(await stage.left()).toBe(0)
  })

  it.each([0, 1])('tells each by itself if a message names %i', async (most) => {
    const stage = await stageOf(five, { windows, namesIn: naming(most) })
    await stage.run()
    expect(stage.sent.map(abouts)).toEqual(five.map((_, i) => [`in-${i}`]))
  })

  it('marks no message of incidents that the lost one left out as a possible repeat', async () => {
    const stage = await stageOf(five, { windows, namesIn: naming(2), isLost: true })
    await stage.run()
    expect(stage.sent.map((message, i) => [stage.marked[i], ...abouts(message)])).toEqual([
      [false, 'in-0', 'in-1'],
      [false, 'in-2', 'in-3'],
      // A message that may be a repeat in part says so.
      [true, 'in-4', 'in-0'],
      [true, 'in-1'],
    ])
  })
})
