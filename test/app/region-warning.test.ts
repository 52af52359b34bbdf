import { expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { silentLog } from '../../src/model/log.ts'

function warnedOf(region: string): readonly unknown[] {
  const details: unknown[] = []
  const env = { TENCENTCLOUD_SECRETID: 'id', TENCENTCLOUD_SECRETKEY: 'key', TENCENTCLOUD_REGION: region }
  const log = { ...silentLog, warn: (_: string, fields?: object) => void details.push(Object(fields).detail) }
  createContext(loadConfig({ ...env, CLB_DOCTOR_LANG: 'en' }), log).close()
  return details
}

it('a start names a region that is not known, and what was meant', () => {
  expect(warnedOf('ap-guangzhou')).toEqual([])
  expect(warnedOf('ap-guangzou')).toEqual([expect.stringContaining('did you mean "ap-guangzhou"')])
  expect(warnedOf('eu-newplace')).toEqual([expect.stringContaining('correct it')])
})
