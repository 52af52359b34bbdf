import { afterEach, describe, expect, it } from 'vitest'
import { parseAlarms } from '../../src/app/alarms.ts'
import { lookAt } from '../../src/app/incidents/look.ts'
import { createStoreTrouble } from '../../src/app/incidents/store-trouble.ts'
import { takeAlarms } from '../../src/app/incidents/take.ts'
import { silentLog } from '../../src/model/log.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { createMemoryStore, type Store, StoreError } from '../../src/store/index.ts'
import { manualClock } from '../cloud/clocks.ts'
import { contextOf, type Stage, setStage } from '../e2e/support.ts'
import { toldTo } from '../support/lanes.ts'

// A store at its bound takes small records, and not what a look has seen.

const FULL = new StoreError('full', { 'zh-CN': '满了', en: 'no room' })

let stage: Stage | null = null
afterEach(async () => {
  await stage?.close()
  stage = null
})

it('an accepted alarm is never given up while the store has no room for what its look sees', async () => {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  stage = await setStage(scenario, 'en')
  const own = contextOf(stage)
  const memory = createMemoryStore({ clock: own.clock })
  let isFull = true
  const store: Store = {
    ...memory,
    async write(change) {
      if (isFull && change.put?.some(({ collection }) => collection === 'incidents')) throw FULL
      return memory.write(change)
    },
  }
  const context = toldTo([], { ...own, log: silentLog, canWait: true }, store)
  const { alarms } = parseAlarms(scenario.alarm(), silentLog)
  const [clb = ''] = await takeAlarms(alarms, store, own.clock.now())
  for (let looks = 0; looks < 12; looks++)
    await expect(lookAt(clb, context, { readMs: 10_000 })).rejects.toThrow('no room')
  isFull = false
  const [handled] = await lookAt(clb, context, { readMs: 10_000 })
  expect(handled?.diagnosis?.verdict).toBe('degraded')
  expect(handled?.incidents).toHaveLength(1)
})

describe('while the store takes nothing', () => {
  function troubled() {
    const clock = manualClock()
    const lines: string[] = []
    const log = { ...silentLog, error: (message: string) => void lines.push(message) }
    let rooms = 0
    const trouble = createStoreTrouble({ clock, log }, () => {
      rooms += 1
    })
    return { clock, lines, trouble, rooms: () => rooms }
  }

  it('looks rest, so that the API is not asked for nothing, and the log says so once a minute', async () => {
    const { clock, lines, trouble, rooms } = troubled()
    for (let tries = 0; tries < 10; tries++) {
      trouble.lookFailed(FULL)
      expect(trouble.rests()).toBe(true)
      await clock.advance(5_000)
      expect(trouble.rests()).toBe(false)
    }
    expect([lines.length, rooms()]).toEqual([1, 10])
    await clock.advance(60_000)
    trouble.lookFailed(FULL)
    expect(lines).toHaveLength(2)
  })

  it('no alarm is taken that could not be served, if there is no room', async () => {
    const { clock, trouble } = troubled()
    trouble.mustHaveRoom()
    trouble.lookFailed(FULL)
    expect(() => trouble.mustHaveRoom()).toThrow('no room')
    await clock.advance(5_000)
    trouble.mustHaveRoom()
    trouble.lookFailed(new StoreError('unavailable', { 'zh-CN': '不在', en: 'away' }))
    trouble.mustHaveRoom()
  })

  it('an error of another kind is not hidden', () => {
    expect(() => troubled().trouble.lookFailed(new Error('a defect'))).toThrow('a defect')
  })
})
