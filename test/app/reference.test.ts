import { describe, expect, it } from 'vitest'
import { askedFrom } from '../../src/app/reference.ts'

const idOf = (text: string) => askedFrom(text, null)?.clb.loadBalancerId ?? null

describe('what a person at a shell writes for a CLB', () => {
  it.each([
    ['https://console.cloud.tencent.com/clb/detail?rid=4&id=lb-7dpmqwcu&tab=listener', 'ap-shanghai'],
    [' https://console.tencentcloud.com/clb/detail?id=lb-7dpmqwcu&rid=9 ', 'ap-singapore'],
    ['https://console.intl.cloud.tencent.com/clb/detail?id=lb-7dpmqwcu', null],
    ['https://console.cloud.tencent.com/clb/detail?rid=9999&id=lb-7dpmqwcu', null],
    ['https://console.cloud.tencent.com/clb#/detail?rid=1&id=lb-7dpmqwcu', 'ap-guangzhou'],
  ])('may be the address of the console %s', (text, region) => {
    expect(askedFrom(text, null)).toMatchObject({ clb: { loadBalancerId: 'lb-7dpmqwcu' }, region })
  })

  it.each([
    'https://console.cloud.tencent.com/cvm/instance/detail?rid=1&id=ins-7dpmqwcu',
    'https://console.cloud.tencent.com/clb/detail?id=lb-ab12',
    'https://console.cloud.tencent.com.evil.example/clb/detail?id=lb-7dpmqwcu',
    'https://evil.example/?id=lb-7dpmqwcu',
  ])('is nothing in the address %s', (text) => {
    expect(askedFrom(text, null)).toBeNull()
  })

  it('is an id or an IP address before it is a name', () => {
    expect(idOf('lb-7dpmqwcu')).toBe('lb-7dpmqwcu')
    expect(askedFrom('203.0.113.26', 'vpc-1ywqac83')?.clb).toEqual({
      loadBalancerId: null,
      vip: '203.0.113.26',
      vpcId: 'vpc-1ywqac83',
      numericVpcId: null,
    })
  })

  it('may be the domain of a CLB, in any case', () => {
    const domain = 'lb-x.clb.gz-tencentclb.com'
    for (const text of [domain, ' LB-x.CLB.gz-tencentclb.com. '])
      expect(askedFrom(text, null)?.clb).toMatchObject({ loadBalancerId: null, vip: null, domain })
    for (const text of ['203.0.113', 'a..com', '-a.com', '203.0.*.*'])
      expect(askedFrom(text, null)).toBeNull()
  })

  it.each(['shop-front', '电商-前台', 'lb-front-prod', 'web_01'])('may be the name %s', (name) => {
    expect(askedFrom(name, null)?.clb).toMatchObject({ loadBalancerId: null, vip: null, name })
  })

  it.each([
    'lb-ab12',
    'LB-7DPMQWCU',
    'clb-7dpmqwcu',
    'lbl-shop0443',
    'alb-7dpmqwcu',
    'a b',
    'x'.repeat(61),
    '',
  ])('is no name if it was meant as an id or cannot be a name: %j', (text) => {
    expect(askedFrom(text, null)).toBeNull()
  })
})
