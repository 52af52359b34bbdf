import { describe, expect, it } from 'vitest'
import type { Diagnosis, Finding } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import type { Language } from '../../src/model/language.ts'
import type { AclEntry } from '../../src/model/snapshot.ts'
import { entry } from '../network/builders.ts'
import { acl, diagnosisOf, group, healthCheck, type Machine, type World } from '../support/snapshots.ts'

// What is said of a finding is true of the very thing that was found.

const LANGUAGES: readonly Language[] = ['zh-CN', 'en']
const at = (host: number, status: string, more: Partial<Machine> = {}): Machine => ({ host, status, ...more })

function found({ findings }: Diagnosis, code: string): Finding {
  const one = findings.find((finding) => finding.code === code)
  if (!one) throw new Error(`${code} is not among ${findings.map((finding) => finding.code)}`)
  return one
}

const open: Partial<AclEntry> = { protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' }
const shut: Partial<AclEntry> = { ...open, action: 'DROP' }
const listed = (...entries: readonly Partial<AclEntry>[]) =>
  entries.map((one, i) => entry({ priority: i + 1, ...one }))
const behindAcl = (
  ingress: Partial<AclEntry>,
  egress: Partial<AclEntry>,
  more: Partial<World> = {},
): World => ({
  machines: [at(16, 'Dead')],
  subnet: { networkAclId: 'acl-web' },
  acls: [acl({ ingress: listed(ingress), egress: listed(egress) })],
  ...more,
})
const PING = { listener: { protocol: 'UDP', healthCheck: healthCheck({ type: 'PING' }) } }

/** 10.0.1.16 belongs to a database. */
const database = (status: string, fields: Partial<World>): World => ({
  machines: [at(16, status, { registration: { type: 'ENI', instanceId: null } })],
  groups: [group('sg-redis', [])],
  replace: {
    instances: {},
    interfaces: { '10.0.1.16': ok(null) },
    addressOwners: { '10.0.1.16': ok({ type: 'REDIS', id: 'crs-1', subnetId: 'subnet-web' }) },
    serviceGroups: { 'crs-1': ok(['sg-redis']) },
  },
  ...fields,
})

describe('an ACL that stops the reply to a ping', () => {
  it.each(LANGUAGES)('is told without ports, which ICMP has none of: %s', (language) => {
    const { acls, subnet } = behindAcl(open, shut)
    for (const [world, code] of [
      [behindAcl(open, shut, PING), 'network-acl/reply-blocked'],
      [
        database('Dead', { ...PING, ...(acls ? { acls } : {}), ...(subnet ? { subnet } : {}) }),
        'managed-service/acl-blocks-reply',
      ],
    ] as const) {
      const { detail, fix } = found(diagnosisOf(world, language), code)
      for (const text of [detail, fix?.summary]) {
        expect(text).toMatch(/ICMP/)
        expect(text).not.toMatch(/1024|ephemeral|临时/)
      }
    }
  })

  it.each(LANGUAGES)('is told with them where the probe has one: %s', (language) => {
    const { detail, fix } = found(diagnosisOf(behindAcl(open, shut), language), 'network-acl/reply-blocked')
    for (const text of [detail, fix?.summary]) expect(text).toContain('1024-65535')
  })
})
