import { describe, expect, it } from 'vitest'
import { consoleUrlOf } from '../../src/model/console.ts'

const clb = { type: 'clb', id: 'lb-7dpmqwcu', region: 'ap-guangzhou' }

describe('an address of the console', () => {
  it('opens the listeners of a CLB, in its region', () => {
    expect(consoleUrlOf(clb, 'cn')).toBe(
      'https://console.cloud.tencent.com/clb/detail?rid=1&id=lb-7dpmqwcu&tab=listener',
    )
  })

  it('opens a machine on the international site if that is configured', () => {
    expect(consoleUrlOf({ type: 'cvm', id: 'ins-web00018', region: 'ap-singapore' }, 'intl')).toBe(
      'https://console.tencentcloud.com/cvm/instance/detail?rid=9&id=ins-web00018',
    )
  })

  it('has no region number if the region is not in the table', () => {
    expect(consoleUrlOf({ ...clb, region: 'ap-newtown' }, 'cn')).toBe(
      'https://console.cloud.tencent.com/clb/detail?id=lb-7dpmqwcu&tab=listener',
    )
  })

  it('opens the list that a group, an ACL or a subnet is in', () => {
    for (const [type, path] of [
      ['security-group', '/vpc/securitygroup'],
      ['network-acl', '/vpc/acl'],
      ['subnet', '/vpc/subnet'],
    ] as const)
      expect(consoleUrlOf({ type, id: 'x-1', region: 'ap-guangzhou' }, 'cn')).toBe(
        `https://console.cloud.tencent.com${path}`,
      )
  })

  it('does not exist for other types', () => {
    expect(consoleUrlOf({ type: 'eni', id: 'eni-1', region: 'ap-guangzhou' }, 'cn')).toBeNull()
  })
})
