import { expect, it } from 'vitest'
import { parseAlarm } from '../../src/alarms/index.ts'
import { sample } from './samples.ts'

const LATER = '1795131060'
const EARLIER = '1795000000'

it.each<[object, string]>([
  [{ status: '已恢复', recovery_time: '0' }, 'resolved'],
  [{ status: '恢复' }, 'resolved'],
  [{ status: '告警恢复' }, 'resolved'],
  [{ status: 'Recovered' }, 'resolved'],
  [{ status: 'resolved' }, 'resolved'],
  [{ status: 'OK' }, 'resolved'],
  [{ status: undefined, status_fmt: '已恢复', recovery_time: '0' }, 'resolved'],
  [{ status: '好了', recovery_time: LATER }, 'resolved'],
  [{ status: '好了', recovery_time: EARLIER }, 'firing'],
  [{ status: '好了', recovery_time: '0' }, 'firing'],
  [{ status: '告警', recovery_time: LATER }, 'firing'],
  [{ status: 'Trigger', recovery_time: LATER }, 'firing'],
])('a template that says %j is %s', (words, state) => {
  expect(parseAlarm({ ...sample('user-template'), ...words }).alarms).toMatchObject([{ state }])
})
