import net from 'node:net'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { dispatcherOver } from '../../src/delivery/dispatch.ts'
import type { Delivery, Receiver } from '../../src/delivery/receiver.ts'
import type { Clock } from '../../src/model/clock.ts'
import type { Log } from '../../src/model/log.ts'
import { blocked } from './diagnoses.ts'

/** What a receiver can be made to do; each suite builds it from a real server. */
export type Behaviour =
  | 'takes'
  | 'refuses for good'
  | 'says later'
  | 'never answers'
  | 'resets in mid-answer'
  | 'is not there'
  /** It takes the connection and says nothing, so that no message can begin. */
  | 'never greets'

export interface Rig {
  readonly sink: Receiver
  /** What arrived, one text each. */
  readonly received: readonly string[]
  close(): Promise<void>
}

export interface Subject {
  readonly name: string
  /** Each of these is somewhere in the receiver's address, and nowhere else. */
  readonly secrets: readonly string[]
  rig(behaviour: Behaviour): Promise<Rig>
}

export const BEHAVIOURS: readonly Behaviour[] = [
  'takes',
  'refuses for good',
  'says later',
  'never answers',
  'resets in mid-answer',
  'is not there',
  'never greets',
]

export const delivery = (attempt = 1): Delivery => ({
  id: 'dx-0000000000000000-abcd1234',
  threadId: 'lb-7dpmqwcu',
  message: blocked(),
  attempt,
})

/** A port that is taken and silent. */
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

/** Time that passes only when somebody waits. */
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

/** One hard suite for every sink. */
export function everySink(subject: Subject): void {
  const within = async <T>(behaviour: Behaviour, use: (rig: Rig) => Promise<T>): Promise<T> => {
    const rig = await subject.rig(behaviour)
    try {
      return await use(rig)
    } finally {
      await rig.close()
    }
  }
  const outcomeOf = (behaviour: Behaviour, signal = AbortSignal.timeout(1_500)) =>
    within(behaviour, ({ sink }) => sink.send(delivery(), signal))

  describe(`${subject.name}, as every sink`, () => {
    it('is delivered when the receiver says so, with the CLB and the cause in it', () =>
      within('takes', async (rig) => {
        expect(await rig.sink.send(delivery(), AbortSignal.timeout(5_000))).toEqual({ kind: 'delivered' })
        expect(rig.received).toHaveLength(1)
        expect(rig.received[0]).toContain('lb-7dpmqwcu')
        expect(rig.received[0]).toContain('sg-closed')
      }))

    it('is permanent when the receiver will never take it', async () => {
      expect(await outcomeOf('refuses for good')).toMatchObject({ kind: 'permanent' })
    })

    it('is to be retried when the receiver wants it later, or is not there', async () => {
      expect(await outcomeOf('says later')).toMatchObject({ kind: 'retry' })
      expect(await outcomeOf('is not there')).toMatchObject({ kind: 'retry' })
    })

    it('is to be retried when the time was over before the message could begin', async () => {
      const outcome = await outcomeOf('never greets', AbortSignal.timeout(400))
      expect(outcome).toMatchObject({ kind: 'retry' })
    })

    it('is unknown when the message may have arrived and no answer came', async () => {
      expect(await outcomeOf('never answers', AbortSignal.timeout(400))).toMatchObject({ kind: 'unknown' })
      expect(await outcomeOf('resets in mid-answer')).toMatchObject({ kind: 'unknown' })
    })

    it('gives up at once when it is aborted', async () => {
      expect(await outcomeOf('takes', AbortSignal.abort())).not.toMatchObject({ kind: 'delivered' })
    })

    it.each(BEHAVIOURS)('shows no secret when the receiver %s', (behaviour) =>
      within(behaviour, async ({ sink }) => {
        const lines: string[] = []
        const write = (message: string, fields?: unknown): void => {
          lines.push(`${message} ${JSON.stringify(fields)} ${inspect(fields, { depth: 9 })}`)
        }
        const log: Log = { info: write, warn: write, error: write }
        const clock = { ...fakeClock(), now: () => 0 }
        const dispatcher = dispatcherOver([sink], { clock, log, random: () => 0 })
        const reports = await dispatcher.dispatch(blocked(), 700)
        expect(reports).toHaveLength(1)
        const shown = [
          ...lines,
          JSON.stringify(reports),
          inspect(reports, { depth: 9 }),
          inspect(sink, { depth: 9 }),
          JSON.stringify(sink),
        ]
        for (const secret of subject.secrets)
          for (const line of shown) expect(line.includes(secret) ? line : '').toBe('')
      }),
    )
  })
}
