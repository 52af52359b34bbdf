import { describe, expect, it } from 'vitest'
import { coalesce, gather } from '../../src/alarms/index.ts'
import type { Alarm, Received } from '../../src/model/alarm.ts'
import { ALARM } from '../faults/cases.ts'

const MINUTE = 60_000
const time = (minute: number): string => new Date(minute * MINUTE).toISOString()
const came = (minute: number, fields: Partial<Alarm>): Received => ({
  alarm: { ...ALARM, firstOccurredAt: null, recoveredAt: null, ...fields },
  at: minute * MINUTE,
  until: minute * MINUTE,
})
const fired = (minute: number, fields: Partial<Alarm> = {}): Received =>
  came(minute, { firstOccurredAt: time(minute), ...fields })
const over = (minute: number, fields: Partial<Alarm> = {}): Received =>
  came(minute, { state: 'resolved', recoveredAt: time(minute), ...fields })
const on = (port: number): Partial<Alarm> => ({ listener: { port, protocol: 'tcp' } })
const arrivals = (received: readonly Received[]) =>
  gather(received).map((own) => own.map(({ at, until }) => [at / MINUTE, until / MINUTE]))
/** What a look tells if its alarms were gathered one by one as they came. */
const toldOf = (received: readonly Received[]): Alarm | undefined => {
  const waiting = received.reduce<readonly (readonly Received[])[]>(
    (before, one) => gather([...before.flat(), one]),
    [],
  )
  return coalesce(waiting.flat().map(({ alarm }) => alarm))[0]
}

describe('alarms that wait for one look', () => {
  it('stand together for each CLB, in the order of the CLBs', () => {
    const other = { clb: { ...ALARM.clb, loadBalancerId: 'lb-other000' } }
    expect(arrivals([fired(0, other), fired(1), fired(2, other)])).toEqual([
      [
        [0, 0],
        [2, 2],
      ],
      [[1, 1]],
    ])
  })

  it('are each kept, but repeats are joined', () => {
    const repeat = (minute: number) => ({ ...fired(0), at: minute * MINUTE, until: minute * MINUTE })
    expect(arrivals([fired(0), repeat(1), fired(3), repeat(4), over(5)])).toEqual([
      [
        [0, 1],
        [3, 3],
        [4, 4],
        [5, 5],
      ],
    ])
  })

  it('are repeats without a time if they come within 5 minutes', () => {
    expect(arrivals([came(0, {}), came(5, {}), came(11, {}), came(12, { state: 'resolved' })])).toEqual([
      [
        [0, 5],
        [11, 11],
        [12, 12],
      ],
    ])
  })

  it('are told with the values of the last repeat', () => {
    const valued = (value: string) => ({
      ...fired(0),
      alarm: { ...fired(0).alarm, condition: ALARM.condition && { ...ALARM.condition, value } },
    })
    expect(toldOf([valued('1'), valued('2')])?.condition?.value).toBe(ALARM.condition ? '2' : undefined)
  })

  it('are over once every listener has recovered', () => {
    const both = [fired(0, on(80)), fired(0, on(443))]
    expect(toldOf([...both, over(5, on(80))])?.state).toBe('firing')
    expect(toldOf([...both, over(5, on(80)), over(6, on(443))])?.state).toBe('resolved')
  })

  it('of Alertmanager are over once the same alert has recovered', () => {
    const alert = (sessionId: string | null): Partial<Alarm> => ({ source: 'alertmanager', sessionId })
    const both = [fired(0, alert('a')), fired(0, alert('b'))]
    expect(toldOf([...both, over(5, alert('a'))])?.state).toBe('firing')
    expect(toldOf([...both, over(5, alert('a')), over(5, alert('b'))])?.state).toBe('resolved')
    expect(toldOf([fired(0, alert(null)), over(5, alert(null))])?.state).toBe('firing')
  })

  it('are limited in number', () => {
    const many = Array.from({ length: 1_000 }, (_, i) => fired(i))
    const [own] = gather(many)
    expect(own).toHaveLength(256)
    expect(own?.at(-1)).toEqual(many.at(-1))
  })
})
