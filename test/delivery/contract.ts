import net from 'node:net'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Delivery, Receiver } from '../../src/delivery/receiver.ts'
import type { Clock } from '../../src/model/clock.ts'
import type { Log } from '../../src/model/log.ts'
import { blocked } from './diagnoses.ts'
import { oneAttempt } from './one-attempt.ts'

/** What the server of a receiver does in a test. Each suite builds a real server for it. */
export type Behaviour =
  | 'accepts'
  | 'refuses permanently'
  | 'asks for a later attempt'
  | 'never answers'
  | 'resets during its answer'
  | 'is unreachable'
  /** It accepts the connection and sends nothing, so no message can start. */
  | 'never greets'

export interface Rig {
  readonly receiver: Receiver
  /** The messages that arrived, as texts. */
  readonly received: readonly string[]
  close(): Promise<void>
}

export interface Subject {
  readonly name: string
  /** Parts of the receiver's address that nothing else may show. */
  readonly secrets: readonly string[]
  rig(behaviour: Behaviour): Promise<Rig>
}

export const BEHAVIOURS: readonly Behaviour[] = [
  'accepts',
  'refuses permanently',
  'asks for a later attempt',
  'never answers',
  'resets during its answer',
  'is unreachable',
  'never greets',
]

export const delivery = (attempt = 1, fields: Partial<Delivery> = {}): Delivery => ({
  id: 'dx-0000000000000000-abcd1234',
  threadId: 'lb-7dpmqwcu',
  subjectFor: (fresh: string) => fresh,
  message: blocked(),
  attempt,
  mayRepeat: false,
  triedAt: null,
  mentions: [],
  reference: null,
  room: 10,
  ...fields,
})

/** A port that accepts connections and sends nothing. */
export async function mutePort(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const open = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    open.add(socket)
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

/** A clock that moves only during a sleep. */
export function fakeClock(): Clock & { readonly slept: readonly number[] } {
  let now = 0
  const slept: number[] = []
  return {
    slept,
    now: () => now,
    async sleep(ms) {
      slept.push(ms)
      now += ms
    },
  }
}

/** The suite that every receiver runs. */
export function everyReceiver(subject: Subject): void {
  const within = async <T>(behaviour: Behaviour, use: (rig: Rig) => Promise<T>): Promise<T> => {
    const rig = await subject.rig(behaviour)
    try {
      return await use(rig)
    } finally {
      await rig.close()
    }
  }
  const outcomeOf = (behaviour: Behaviour, signal = AbortSignal.timeout(1_500)) =>
    within(behaviour, ({ receiver }) => receiver.send(delivery(), signal))

  describe(`${subject.name}, as every receiver`, () => {
    it('delivers a message with the CLB and the cause if the server accepts it', () =>
      within('accepts', async (rig) => {
        expect(await rig.receiver.send(delivery(), AbortSignal.timeout(5_000))).toMatchObject({
          kind: 'delivered',
        })
        expect(rig.received).toHaveLength(1)
        expect(rig.received[0]).toContain('lb-7dpmqwcu')
        expect(rig.received[0]).toContain('sg-closed')
      }))

    it('fails permanently if the server refuses permanently', async () => {
      expect(await outcomeOf('refuses permanently')).toMatchObject({ kind: 'permanent' })
    })

    it('asks for a retry if the server asks for a later attempt or is unreachable', async () => {
      expect(await outcomeOf('asks for a later attempt')).toMatchObject({ kind: 'retry' })
      expect(await outcomeOf('is unreachable')).toMatchObject({ kind: 'retry' })
    })

    it('asks for a retry if the time ends before the message starts', async () => {
      const outcome = await outcomeOf('never greets', AbortSignal.timeout(400))
      expect(outcome).toMatchObject({ kind: 'retry' })
    })

    it('gives an unknown outcome if the message may have arrived but no whole answer came', async () => {
      expect(await outcomeOf('never answers', AbortSignal.timeout(400))).toMatchObject({ kind: 'unknown' })
      expect(await outcomeOf('resets during its answer')).toMatchObject({ kind: 'unknown' })
    })

    it('does not deliver if it is already aborted', async () => {
      expect(await outcomeOf('accepts', AbortSignal.abort())).not.toMatchObject({ kind: 'delivered' })
    })

    it.each(BEHAVIOURS)('shows no secret if the server %s', (behaviour) =>
      within(behaviour, async ({ receiver }) => {
        const lines: string[] = []
        const write = (message: string, fields?: unknown): void => {
          lines.push(`${message} ${JSON.stringify(fields)} ${inspect(fields, { depth: 9 })}`)
        }
        const log: Log = { info: write, warn: write, error: write }
        const { reports, left } = await oneAttempt(receiver, log, 700)
        expect(reports.length + left.length, 'told, or kept for later').toBeGreaterThan(0)
        expect(lines.join(), 'an attempt came to an end').toMatch(/message (not )?delivered/)
        const shown = [
          ...lines,
          JSON.stringify(reports),
          JSON.stringify(left),
          inspect(reports, { depth: 9 }),
          inspect(receiver, { depth: 9 }),
          JSON.stringify(receiver),
        ]
        for (const secret of subject.secrets)
          for (const line of shown) expect(line.includes(secret) ? line : '').toBe('')
      }),
    )
  })
}
