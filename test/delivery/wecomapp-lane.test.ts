import { expect, it } from 'vitest'
import { lanesOf } from '../../src/delivery/index.ts'
import { createMemoryStore } from '../../src/store/index.ts'
import { startWecomapp, WECOMAPP } from '../support/receivers/wecomapp.ts'
import { fakeClock } from './contract.ts'
import { blocked } from './diagnoses.ts'
import { receiverOf } from './http-contract.ts'

const NO_LOG = { info() {}, warn() {}, error() {} }

/** A lane with one message, which is made anew for each attempt. `isRestarted`: another process makes each attempt. */
async function told(lost: 'request' | 'answer', isRestarted: boolean) {
  const clock = fakeClock()
  const service = await startWecomapp(clock.now)
  const login = `${WECOMAPP.corpid}:${WECOMAPP.secret}@`
  const address = `wecomapp+${service.url.replace('://', `://${login}`)}/?agent=1000002&to=zhangsan`
  const store = createMemoryStore({ clock })
  const entry = {
    about: 'in-1',
    news: ['first'],
    rank: 0,
    takenAt: 0,
    deadline: 600_000,
    attempts: 0,
    unknowns: 0,
  }
  const value = JSON.stringify({ ...entry, state: 'waiting' })
  await store.write({ put: [{ collection: 'outbox:one', id: 'in-1', value, at: 0 }] })
  let made = 0
  const connect = () => receiverOf(address, clock.now)
  let receiver = connect()
  const lanes = lanesOf(
    [
      {
        name: 'one',
        receiver: {
          ...receiver,
          send: (delivery, signal) => {
            if (isRestarted) receiver = connect()
            return receiver.send(delivery, signal)
          },
        },
      },
    ],
    {
      store,
      holder: 'test',
      clock,
      log: NO_LOG,
      random: () => 0.5,
      attemptMs: 3_000,
      isOwn: async () => true,
      compose: async (groups) => {
        made += 1
        const message = blocked()
        const clb = message.loadBalancer
        return {
          composed: {
            message: clb ? { ...message, loadBalancer: { ...clb, name: `look-${made}` } } : message,
            mentions: [],
            threadId: 'in-1',
            reference: null,
            subject: null,
          },
          tells: groups,
          over: [],
          waits: [],
        }
      },
      settle: async (change) => {
        await store.write(change)
      },
    },
  )
  service.lose(lost)
  const reports = await lanes.runUntil(300_000)
  await service.close()
  return {
    attempts: made,
    outcomes: reports.map(({ outcome }) => outcome),
    shown: service.shown.map(({ text }) => [text.match(/look-\d/)?.[0], text.includes('可能是重复消息')]),
  }
}

it.each(['request', 'answer'] as const)(
  'a lane whose %s to a WeCom application was lost tells people once, without a mark',
  async (lost) => {
    expect(await told(lost, false)).toEqual({
      attempts: 2,
      outcomes: ['delivered'],
      shown: [['look-1', false]],
    })
  },
)

it('a lane that was restarted meanwhile marks the repeat', async () => {
  expect(await told('answer', true)).toEqual({
    attempts: 2,
    outcomes: ['delivered'],
    shown: [
      ['look-1', false],
      ['look-2', true],
    ],
  })
})
