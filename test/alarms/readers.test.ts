import { describe, expect, it } from 'vitest'
import { region } from '../../src/alarms/regions.ts'
import { instant } from '../../src/alarms/time.ts'

describe('instant', () => {
  it.each([
    ['2026-11-20 07:00:00', '2026-11-19T23:00:00.000Z'],
    ['2026-11-20 07:00', '2026-11-19T23:00:00.000Z'],
    ['2024-07-09 14:35:00 (UTC+08:00)', '2024-07-09T06:35:00.000Z'],
    ['2024-07-09 14:35:00 UTC-3', '2024-07-09T17:35:00.000Z'],
    ['2024-07-09T14:35:00.5Z', '2024-07-09T14:35:00.500Z'],
    ['2024-07-09T14:35:00.123456789+08:00', '2024-07-09T06:35:00.123Z'],
    ['2024-07-09T14:35:00+0530', '2024-07-09T09:05:00.000Z'],
    ['2024-02-29 00:00:00', '2024-02-28T16:00:00.000Z'],
    [1795129200, '2026-11-19T23:00:00.000Z'],
    ['1795129200', '2026-11-19T23:00:00.000Z'],
    [1795129200000, '2026-11-19T23:00:00.000Z'],
    ['1795129200000', '2026-11-19T23:00:00.000Z'],
  ])('reads %j as %s', (written, moment) => {
    expect(instant(written)).toBe(moment)
  })

  it.each([
    [0],
    ['0'],
    [''],
    ['  '],
    [null],
    [undefined],
    [true],
    [{}],
    [[1795129200]],
    ['soon'],
    ['2026-02-31 00:00:00'],
    ['2026-11-20 24:00:00'],
    ['2026-11-20 07:60:00'],
    ['2026-11-20'],
    ['2026-11-20 07:00:00 PST'],
    ['2026-11-20 07:00:00+25:00'],
    ['0001-01-01T00:00:00Z'],
    [-1795129200],
    [60],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [1e21],
    ['20261120070000'],
  ])('reads no time in %j', (written) => {
    expect(instant(written)).toBeNull()
  })
})

describe('region', () => {
  it.each([
    ['gz', 'ap-guangzhou'],
    ['GZ', 'ap-guangzhou'],
    [' sh ', 'ap-shanghai'],
    ['szjr', 'ap-shenzhen-fsi'],
    ['use', 'na-ashburn'],
    ['usw', 'na-siliconvalley'],
    ['de', 'eu-frankfurt'],
    ['xiyec', 'ap-xian-ec'],
    ['ap-guangzhou', 'ap-guangzhou'],
    ['me-saudi-arabia', 'me-saudi-arabia'],
    ['ap-shanghai-fsi', 'ap-shanghai-fsi'],
  ])('reads %j as %s', (written, name) => {
    expect(region(written)).toBe(name)
  })

  it.each([
    '',
    'zz',
    'sz',
    '1',
    4,
    null,
    {},
    'ap-guangzhou-3',
    'cn-hangzhou',
    'ap-guangzhou.evil.example',
    'toString',
  ])('gives no region for %j', (written) => {
    expect(region(written)).toBeNull()
  })
})
