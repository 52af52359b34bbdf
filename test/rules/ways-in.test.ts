import { describe, expect, it } from 'vitest'
import { createEvaluator, openAddresses, portRanges, toCidrs } from '../../src/rules/index.ts'
import { aclWith, noReferences, probeWith, setOf } from './builders.ts'

const probe = probeWith({ sources: setOf('100.64.0.0/10') })
const allow = (port: string, cidr: string) => ({ protocol: 'TCP', port, cidr, action: 'ACCEPT' }) as const

describe('the addresses that an ACL lets in', () => {
  const openIn = (...entries: readonly ReturnType<typeof allow>[]): readonly string[] => {
    const acl = aclWith('triple', 'egress', entries)
    return toCidrs(openAddresses(createEvaluator(noReferences).aclReply(acl, probe, 'destination')))
  }

  it('are those with replies on more than one port in a thousand', () => {
    expect(openIn(allow('1024-65535', '100.64.0.0/16'))).toEqual(['100.64.0.0/16'])
    expect(openIn(allow('1024-2047', '100.64.0.0/16'))).toEqual(['100.64.0.0/16'])
  })

  it('are not those with replies on less', () => {
    expect(openIn(allow('8443', '100.64.0.0/16'))).toEqual([])
  })
})

describe('single ports', () => {
  it('become ranges where they follow one another, in their order and each once', () => {
    expect(portRanges([8082, 80, 8080, 8081, 80])).toEqual(['80', '8080-8082'])
  })
})
