import { describe, expect, it } from 'vitest'
import { ok } from '../../src/model/fact.ts'
import type { NetworkInterface } from '../../src/model/snapshot.ts'
import { diagnosisOf } from '../support/snapshots.ts'

// An interface whose answer lacks the Attachment field. A field that is absent is not a field that is null.

const eni: NetworkInterface = {
  id: 'eni-aaaaaaaa',
  name: 'web',
  vpcId: 'vpc-1ywqac83',
  subnetId: 'subnet-web',
  state: 'AVAILABLE',
  instanceId: null,
  business: 'cvm',
  ips: ['10.0.1.99'],
  securityGroupIds: ['sg-open'],
}

const diagnosed = (attached: boolean | null, type: 'CVM' | 'ENI') =>
  diagnosisOf({
    machines: [
      {
        host: 16,
        status: 'Dead',
        registration: { ip: '10.0.1.99', type, ...(type === 'ENI' ? { instanceId: null } : {}) },
      },
    ],
    replace: { interfaces: { '10.0.1.99': ok({ ...eni, attached }) } },
  })

const codesOf = (diagnosis: ReturnType<typeof diagnosed>) => diagnosis.findings.map(({ code }) => code)

describe('an interface without its Attachment field', () => {
  it.each(['CVM', 'ENI'] as const)('is no reason for a %s, and a gap names the field', (type) => {
    const diagnosis = diagnosed(null, type)
    expect(codesOf(diagnosis).filter((code) => code.startsWith('instance-state/'))).toEqual([])
    expect(diagnosis.gaps.map(({ errorCode }) => errorCode)).toContain('Attachment')
  })

  it.each([
    ['CVM', 'instance-state/ip-moved'],
    ['ENI', 'instance-state/eni-detached'],
  ] as const)('is a reason for a %s if the field says that nothing is attached', (type, code) => {
    expect(codesOf(diagnosed(false, type))).toContain(code)
  })
})
